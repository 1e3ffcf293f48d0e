const gt="srgb",$i="srgb-linear",yn="linear",Vt="srgb";const Un="300 es";class mi{addEventListener(e,t){this._listeners===void 0&&(this._listeners={});const i=this._listeners;i[e]===void 0&&(i[e]=[]),i[e].indexOf(t)===-1&&i[e].push(t)}hasEventListener(e,t){const i=this._listeners;return i===void 0?!1:i[e]!==void 0&&i[e].indexOf(t)!==-1}removeEventListener(e,t){const i=this._listeners;if(i===void 0)return;const n=i[e];if(n!==void 0){const r=n.indexOf(t);r!==-1&&n.splice(r,1)}}dispatchEvent(e){const t=this._listeners;if(t===void 0)return;const i=t[e.type];if(i!==void 0){e.target=this;const n=i.slice(0);for(let r=0,a=n.length;r<a;r++)n[r].call(this,e);e.target=null}}}const qe=["00","01","02","03","04","05","06","07","08","09","0a","0b","0c","0d","0e","0f","10","11","12","13","14","15","16","17","18","19","1a","1b","1c","1d","1e","1f","20","21","22","23","24","25","26","27","28","29","2a","2b","2c","2d","2e","2f","30","31","32","33","34","35","36","37","38","39","3a","3b","3c","3d","3e","3f","40","41","42","43","44","45","46","47","48","49","4a","4b","4c","4d","4e","4f","50","51","52","53","54","55","56","57","58","59","5a","5b","5c","5d","5e","5f","60","61","62","63","64","65","66","67","68","69","6a","6b","6c","6d","6e","6f","70","71","72","73","74","75","76","77","78","79","7a","7b","7c","7d","7e","7f","80","81","82","83","84","85","86","87","88","89","8a","8b","8c","8d","8e","8f","90","91","92","93","94","95","96","97","98","99","9a","9b","9c","9d","9e","9f","a0","a1","a2","a3","a4","a5","a6","a7","a8","a9","aa","ab","ac","ad","ae","af","b0","b1","b2","b3","b4","b5","b6","b7","b8","b9","ba","bb","bc","bd","be","bf","c0","c1","c2","c3","c4","c5","c6","c7","c8","c9","ca","cb","cc","cd","ce","cf","d0","d1","d2","d3","d4","d5","d6","d7","d8","d9","da","db","dc","dd","de","df","e0","e1","e2","e3","e4","e5","e6","e7","e8","e9","ea","eb","ec","ed","ee","ef","f0","f1","f2","f3","f4","f5","f6","f7","f8","f9","fa","fb","fc","fd","fe","ff"],ji=Math.PI/180,In=180/Math.PI;function bi(){const s=Math.random()*4294967295|0,e=Math.random()*4294967295|0,t=Math.random()*4294967295|0,i=Math.random()*4294967295|0;return(qe[s&255]+qe[s>>8&255]+qe[s>>16&255]+qe[s>>24&255]+"-"+qe[e&255]+qe[e>>8&255]+"-"+qe[e>>16&15|64]+qe[e>>24&255]+"-"+qe[t&63|128]+qe[t>>8&255]+"-"+qe[t>>16&255]+qe[t>>24&255]+qe[i&255]+qe[i>>8&255]+qe[i>>16&255]+qe[i>>24&255]).toLowerCase()}function fe(s,e,t){return Math.max(e,Math.min(t,s))}function Hs(s,e){return(s%e+e)%e}function en(s,e,t){return(1-t)*s+t*e}function xi(s,e){switch(e.constructor){case Float32Array:return s;case Uint32Array:return s/4294967295;case Uint16Array:return s/65535;case Uint8Array:return s/255;case Int32Array:return Math.max(s/2147483647,-1);case Int16Array:return Math.max(s/32767,-1);case Int8Array:return Math.max(s/127,-1);default:throw new Error("Invalid component type.")}}function it(s,e){switch(e.constructor){case Float32Array:return s;case Uint32Array:return Math.round(s*4294967295);case Uint16Array:return Math.round(s*65535);case Uint8Array:return Math.round(s*255);case Int32Array:return Math.round(s*2147483647);case Int16Array:return Math.round(s*32767);case Int8Array:return Math.round(s*127);default:throw new Error("Invalid component type.")}}class Se{constructor(e=0,t=0){Se.prototype.isVector2=!0,this.x=e,this.y=t}get width(){return this.x}set width(e){this.x=e}get height(){return this.y}set height(e){this.y=e}set(e,t){return this.x=e,this.y=t,this}setScalar(e){return this.x=e,this.y=e,this}setX(e){return this.x=e,this}setY(e){return this.y=e,this}setComponent(e,t){switch(e){case 0:this.x=t;break;case 1:this.y=t;break;default:throw new Error("index is out of range: "+e)}return this}getComponent(e){switch(e){case 0:return this.x;case 1:return this.y;default:throw new Error("index is out of range: "+e)}}clone(){return new this.constructor(this.x,this.y)}copy(e){return this.x=e.x,this.y=e.y,this}add(e){return this.x+=e.x,this.y+=e.y,this}addScalar(e){return this.x+=e,this.y+=e,this}addVectors(e,t){return this.x=e.x+t.x,this.y=e.y+t.y,this}addScaledVector(e,t){return this.x+=e.x*t,this.y+=e.y*t,this}sub(e){return this.x-=e.x,this.y-=e.y,this}subScalar(e){return this.x-=e,this.y-=e,this}subVectors(e,t){return this.x=e.x-t.x,this.y=e.y-t.y,this}multiply(e){return this.x*=e.x,this.y*=e.y,this}multiplyScalar(e){return this.x*=e,this.y*=e,this}divide(e){return this.x/=e.x,this.y/=e.y,this}divideScalar(e){return this.multiplyScalar(1/e)}applyMatrix3(e){const t=this.x,i=this.y,n=e.elements;return this.x=n[0]*t+n[3]*i+n[6],this.y=n[1]*t+n[4]*i+n[7],this}min(e){return this.x=Math.min(this.x,e.x),this.y=Math.min(this.y,e.y),this}max(e){return this.x=Math.max(this.x,e.x),this.y=Math.max(this.y,e.y),this}clamp(e,t){return this.x=fe(this.x,e.x,t.x),this.y=fe(this.y,e.y,t.y),this}clampScalar(e,t){return this.x=fe(this.x,e,t),this.y=fe(this.y,e,t),this}clampLength(e,t){const i=this.length();return this.divideScalar(i||1).multiplyScalar(fe(i,e,t))}floor(){return this.x=Math.floor(this.x),this.y=Math.floor(this.y),this}ceil(){return this.x=Math.ceil(this.x),this.y=Math.ceil(this.y),this}round(){return this.x=Math.round(this.x),this.y=Math.round(this.y),this}roundToZero(){return this.x=Math.trunc(this.x),this.y=Math.trunc(this.y),this}negate(){return this.x=-this.x,this.y=-this.y,this}dot(e){return this.x*e.x+this.y*e.y}cross(e){return this.x*e.y-this.y*e.x}lengthSq(){return this.x*this.x+this.y*this.y}length(){return Math.sqrt(this.x*this.x+this.y*this.y)}manhattanLength(){return Math.abs(this.x)+Math.abs(this.y)}normalize(){return this.divideScalar(this.length()||1)}angle(){return Math.atan2(-this.y,-this.x)+Math.PI}angleTo(e){const t=Math.sqrt(this.lengthSq()*e.lengthSq());if(t===0)return Math.PI/2;const i=this.dot(e)/t;return Math.acos(fe(i,-1,1))}distanceTo(e){return Math.sqrt(this.distanceToSquared(e))}distanceToSquared(e){const t=this.x-e.x,i=this.y-e.y;return t*t+i*i}manhattanDistanceTo(e){return Math.abs(this.x-e.x)+Math.abs(this.y-e.y)}setLength(e){return this.normalize().multiplyScalar(e)}lerp(e,t){return this.x+=(e.x-this.x)*t,this.y+=(e.y-this.y)*t,this}lerpVectors(e,t,i){return this.x=e.x+(t.x-e.x)*i,this.y=e.y+(t.y-e.y)*i,this}equals(e){return e.x===this.x&&e.y===this.y}fromArray(e,t=0){return this.x=e[t],this.y=e[t+1],this}toArray(e=[],t=0){return e[t]=this.x,e[t+1]=this.y,e}fromBufferAttribute(e,t){return this.x=e.getX(t),this.y=e.getY(t),this}rotateAround(e,t){const i=Math.cos(t),n=Math.sin(t),r=this.x-e.x,a=this.y-e.y;return this.x=r*i-a*n+e.x,this.y=r*n+a*i+e.y,this}random(){return this.x=Math.random(),this.y=Math.random(),this}*[Symbol.iterator](){yield this.x,yield this.y}}class wi{constructor(e=0,t=0,i=0,n=1){this.isQuaternion=!0,this._x=e,this._y=t,this._z=i,this._w=n}static slerpFlat(e,t,i,n,r,a,o){let f=i[n+0],l=i[n+1],c=i[n+2],d=i[n+3];const g=r[a+0],m=r[a+1],_=r[a+2],S=r[a+3];if(o===0){e[t+0]=f,e[t+1]=l,e[t+2]=c,e[t+3]=d;return}if(o===1){e[t+0]=g,e[t+1]=m,e[t+2]=_,e[t+3]=S;return}if(d!==S||f!==g||l!==m||c!==_){let u=1-o;const h=f*g+l*m+c*_+d*S,C=h>=0?1:-1,b=1-h*h;if(b>Number.EPSILON){const L=Math.sqrt(b),O=Math.atan2(L,h*C);u=Math.sin(u*O)/L,o=Math.sin(o*O)/L}const y=o*C;if(f=f*u+g*y,l=l*u+m*y,c=c*u+_*y,d=d*u+S*y,u===1-o){const L=1/Math.sqrt(f*f+l*l+c*c+d*d);f*=L,l*=L,c*=L,d*=L}}e[t]=f,e[t+1]=l,e[t+2]=c,e[t+3]=d}static multiplyQuaternionsFlat(e,t,i,n,r,a){const o=i[n],f=i[n+1],l=i[n+2],c=i[n+3],d=r[a],g=r[a+1],m=r[a+2],_=r[a+3];return e[t]=o*_+c*d+f*m-l*g,e[t+1]=f*_+c*g+l*d-o*m,e[t+2]=l*_+c*m+o*g-f*d,e[t+3]=c*_-o*d-f*g-l*m,e}get x(){return this._x}set x(e){this._x=e,this._onChangeCallback()}get y(){return this._y}set y(e){this._y=e,this._onChangeCallback()}get z(){return this._z}set z(e){this._z=e,this._onChangeCallback()}get w(){return this._w}set w(e){this._w=e,this._onChangeCallback()}set(e,t,i,n){return this._x=e,this._y=t,this._z=i,this._w=n,this._onChangeCallback(),this}clone(){return new this.constructor(this._x,this._y,this._z,this._w)}copy(e){return this._x=e.x,this._y=e.y,this._z=e.z,this._w=e.w,this._onChangeCallback(),this}setFromEuler(e,t=!0){const i=e._x,n=e._y,r=e._z,a=e._order,o=Math.cos,f=Math.sin,l=o(i/2),c=o(n/2),d=o(r/2),g=f(i/2),m=f(n/2),_=f(r/2);switch(a){case"XYZ":this._x=g*c*d+l*m*_,this._y=l*m*d-g*c*_,this._z=l*c*_+g*m*d,this._w=l*c*d-g*m*_;break;case"YXZ":this._x=g*c*d+l*m*_,this._y=l*m*d-g*c*_,this._z=l*c*_-g*m*d,this._w=l*c*d+g*m*_;break;case"ZXY":this._x=g*c*d-l*m*_,this._y=l*m*d+g*c*_,this._z=l*c*_+g*m*d,this._w=l*c*d-g*m*_;break;case"ZYX":this._x=g*c*d-l*m*_,this._y=l*m*d+g*c*_,this._z=l*c*_-g*m*d,this._w=l*c*d+g*m*_;break;case"YZX":this._x=g*c*d+l*m*_,this._y=l*m*d+g*c*_,this._z=l*c*_-g*m*d,this._w=l*c*d-g*m*_;break;case"XZY":this._x=g*c*d-l*m*_,this._y=l*m*d-g*c*_,this._z=l*c*_+g*m*d,this._w=l*c*d+g*m*_;break;default:console.warn("THREE.Quaternion: .setFromEuler() encountered an unknown order: "+a)}return t===!0&&this._onChangeCallback(),this}setFromAxisAngle(e,t){const i=t/2,n=Math.sin(i);return this._x=e.x*n,this._y=e.y*n,this._z=e.z*n,this._w=Math.cos(i),this._onChangeCallback(),this}setFromRotationMatrix(e){const t=e.elements,i=t[0],n=t[4],r=t[8],a=t[1],o=t[5],f=t[9],l=t[2],c=t[6],d=t[10],g=i+o+d;if(g>0){const m=.5/Math.sqrt(g+1);this._w=.25/m,this._x=(c-f)*m,this._y=(r-l)*m,this._z=(a-n)*m}else if(i>o&&i>d){const m=2*Math.sqrt(1+i-o-d);this._w=(c-f)/m,this._x=.25*m,this._y=(n+a)/m,this._z=(r+l)/m}else if(o>d){const m=2*Math.sqrt(1+o-i-d);this._w=(r-l)/m,this._x=(n+a)/m,this._y=.25*m,this._z=(f+c)/m}else{const m=2*Math.sqrt(1+d-i-o);this._w=(a-n)/m,this._x=(r+l)/m,this._y=(f+c)/m,this._z=.25*m}return this._onChangeCallback(),this}setFromUnitVectors(e,t){let i=e.dot(t)+1;return i<1e-8?(i=0,Math.abs(e.x)>Math.abs(e.z)?(this._x=-e.y,this._y=e.x,this._z=0,this._w=i):(this._x=0,this._y=-e.z,this._z=e.y,this._w=i)):(this._x=e.y*t.z-e.z*t.y,this._y=e.z*t.x-e.x*t.z,this._z=e.x*t.y-e.y*t.x,this._w=i),this.normalize()}angleTo(e){return 2*Math.acos(Math.abs(fe(this.dot(e),-1,1)))}rotateTowards(e,t){const i=this.angleTo(e);if(i===0)return this;const n=Math.min(1,t/i);return this.slerp(e,n),this}identity(){return this.set(0,0,0,1)}invert(){return this.conjugate()}conjugate(){return this._x*=-1,this._y*=-1,this._z*=-1,this._onChangeCallback(),this}dot(e){return this._x*e._x+this._y*e._y+this._z*e._z+this._w*e._w}lengthSq(){return this._x*this._x+this._y*this._y+this._z*this._z+this._w*this._w}length(){return Math.sqrt(this._x*this._x+this._y*this._y+this._z*this._z+this._w*this._w)}normalize(){let e=this.length();return e===0?(this._x=0,this._y=0,this._z=0,this._w=1):(e=1/e,this._x=this._x*e,this._y=this._y*e,this._z=this._z*e,this._w=this._w*e),this._onChangeCallback(),this}multiply(e){return this.multiplyQuaternions(this,e)}premultiply(e){return this.multiplyQuaternions(e,this)}multiplyQuaternions(e,t){const i=e._x,n=e._y,r=e._z,a=e._w,o=t._x,f=t._y,l=t._z,c=t._w;return this._x=i*c+a*o+n*l-r*f,this._y=n*c+a*f+r*o-i*l,this._z=r*c+a*l+i*f-n*o,this._w=a*c-i*o-n*f-r*l,this._onChangeCallback(),this}slerp(e,t){if(t===0)return this;if(t===1)return this.copy(e);const i=this._x,n=this._y,r=this._z,a=this._w;let o=a*e._w+i*e._x+n*e._y+r*e._z;if(o<0?(this._w=-e._w,this._x=-e._x,this._y=-e._y,this._z=-e._z,o=-o):this.copy(e),o>=1)return this._w=a,this._x=i,this._y=n,this._z=r,this;const f=1-o*o;if(f<=Number.EPSILON){const m=1-t;return this._w=m*a+t*this._w,this._x=m*i+t*this._x,this._y=m*n+t*this._y,this._z=m*r+t*this._z,this.normalize(),this}const l=Math.sqrt(f),c=Math.atan2(l,o),d=Math.sin((1-t)*c)/l,g=Math.sin(t*c)/l;return this._w=a*d+this._w*g,this._x=i*d+this._x*g,this._y=n*d+this._y*g,this._z=r*d+this._z*g,this._onChangeCallback(),this}slerpQuaternions(e,t,i){return this.copy(e).slerp(t,i)}random(){const e=2*Math.PI*Math.random(),t=2*Math.PI*Math.random(),i=Math.random(),n=Math.sqrt(1-i),r=Math.sqrt(i);return this.set(n*Math.sin(e),n*Math.cos(e),r*Math.sin(t),r*Math.cos(t))}equals(e){return e._x===this._x&&e._y===this._y&&e._z===this._z&&e._w===this._w}fromArray(e,t=0){return this._x=e[t],this._y=e[t+1],this._z=e[t+2],this._w=e[t+3],this._onChangeCallback(),this}toArray(e=[],t=0){return e[t]=this._x,e[t+1]=this._y,e[t+2]=this._z,e[t+3]=this._w,e}fromBufferAttribute(e,t){return this._x=e.getX(t),this._y=e.getY(t),this._z=e.getZ(t),this._w=e.getW(t),this._onChangeCallback(),this}_onChange(e){return this._onChangeCallback=e,this}_onChangeCallback(){}*[Symbol.iterator](){yield this._x,yield this._y,yield this._z,yield this._w}}class U{constructor(e=0,t=0,i=0){U.prototype.isVector3=!0,this.x=e,this.y=t,this.z=i}set(e,t,i){return i===void 0&&(i=this.z),this.x=e,this.y=t,this.z=i,this}setScalar(e){return this.x=e,this.y=e,this.z=e,this}setX(e){return this.x=e,this}setY(e){return this.y=e,this}setZ(e){return this.z=e,this}setComponent(e,t){switch(e){case 0:this.x=t;break;case 1:this.y=t;break;case 2:this.z=t;break;default:throw new Error("index is out of range: "+e)}return this}getComponent(e){switch(e){case 0:return this.x;case 1:return this.y;case 2:return this.z;default:throw new Error("index is out of range: "+e)}}clone(){return new this.constructor(this.x,this.y,this.z)}copy(e){return this.x=e.x,this.y=e.y,this.z=e.z,this}add(e){return this.x+=e.x,this.y+=e.y,this.z+=e.z,this}addScalar(e){return this.x+=e,this.y+=e,this.z+=e,this}addVectors(e,t){return this.x=e.x+t.x,this.y=e.y+t.y,this.z=e.z+t.z,this}addScaledVector(e,t){return this.x+=e.x*t,this.y+=e.y*t,this.z+=e.z*t,this}sub(e){return this.x-=e.x,this.y-=e.y,this.z-=e.z,this}subScalar(e){return this.x-=e,this.y-=e,this.z-=e,this}subVectors(e,t){return this.x=e.x-t.x,this.y=e.y-t.y,this.z=e.z-t.z,this}multiply(e){return this.x*=e.x,this.y*=e.y,this.z*=e.z,this}multiplyScalar(e){return this.x*=e,this.y*=e,this.z*=e,this}multiplyVectors(e,t){return this.x=e.x*t.x,this.y=e.y*t.y,this.z=e.z*t.z,this}applyEuler(e){return this.applyQuaternion(Dn.setFromEuler(e))}applyAxisAngle(e,t){return this.applyQuaternion(Dn.setFromAxisAngle(e,t))}applyMatrix3(e){const t=this.x,i=this.y,n=this.z,r=e.elements;return this.x=r[0]*t+r[3]*i+r[6]*n,this.y=r[1]*t+r[4]*i+r[7]*n,this.z=r[2]*t+r[5]*i+r[8]*n,this}applyNormalMatrix(e){return this.applyMatrix3(e).normalize()}applyMatrix4(e){const t=this.x,i=this.y,n=this.z,r=e.elements,a=1/(r[3]*t+r[7]*i+r[11]*n+r[15]);return this.x=(r[0]*t+r[4]*i+r[8]*n+r[12])*a,this.y=(r[1]*t+r[5]*i+r[9]*n+r[13])*a,this.z=(r[2]*t+r[6]*i+r[10]*n+r[14])*a,this}applyQuaternion(e){const t=this.x,i=this.y,n=this.z,r=e.x,a=e.y,o=e.z,f=e.w,l=2*(a*n-o*i),c=2*(o*t-r*n),d=2*(r*i-a*t);return this.x=t+f*l+a*d-o*c,this.y=i+f*c+o*l-r*d,this.z=n+f*d+r*c-a*l,this}project(e){return this.applyMatrix4(e.matrixWorldInverse).applyMatrix4(e.projectionMatrix)}unproject(e){return this.applyMatrix4(e.projectionMatrixInverse).applyMatrix4(e.matrixWorld)}transformDirection(e){const t=this.x,i=this.y,n=this.z,r=e.elements;return this.x=r[0]*t+r[4]*i+r[8]*n,this.y=r[1]*t+r[5]*i+r[9]*n,this.z=r[2]*t+r[6]*i+r[10]*n,this.normalize()}divide(e){return this.x/=e.x,this.y/=e.y,this.z/=e.z,this}divideScalar(e){return this.multiplyScalar(1/e)}min(e){return this.x=Math.min(this.x,e.x),this.y=Math.min(this.y,e.y),this.z=Math.min(this.z,e.z),this}max(e){return this.x=Math.max(this.x,e.x),this.y=Math.max(this.y,e.y),this.z=Math.max(this.z,e.z),this}clamp(e,t){return this.x=fe(this.x,e.x,t.x),this.y=fe(this.y,e.y,t.y),this.z=fe(this.z,e.z,t.z),this}clampScalar(e,t){return this.x=fe(this.x,e,t),this.y=fe(this.y,e,t),this.z=fe(this.z,e,t),this}clampLength(e,t){const i=this.length();return this.divideScalar(i||1).multiplyScalar(fe(i,e,t))}floor(){return this.x=Math.floor(this.x),this.y=Math.floor(this.y),this.z=Math.floor(this.z),this}ceil(){return this.x=Math.ceil(this.x),this.y=Math.ceil(this.y),this.z=Math.ceil(this.z),this}round(){return this.x=Math.round(this.x),this.y=Math.round(this.y),this.z=Math.round(this.z),this}roundToZero(){return this.x=Math.trunc(this.x),this.y=Math.trunc(this.y),this.z=Math.trunc(this.z),this}negate(){return this.x=-this.x,this.y=-this.y,this.z=-this.z,this}dot(e){return this.x*e.x+this.y*e.y+this.z*e.z}lengthSq(){return this.x*this.x+this.y*this.y+this.z*this.z}length(){return Math.sqrt(this.x*this.x+this.y*this.y+this.z*this.z)}manhattanLength(){return Math.abs(this.x)+Math.abs(this.y)+Math.abs(this.z)}normalize(){return this.divideScalar(this.length()||1)}setLength(e){return this.normalize().multiplyScalar(e)}lerp(e,t){return this.x+=(e.x-this.x)*t,this.y+=(e.y-this.y)*t,this.z+=(e.z-this.z)*t,this}lerpVectors(e,t,i){return this.x=e.x+(t.x-e.x)*i,this.y=e.y+(t.y-e.y)*i,this.z=e.z+(t.z-e.z)*i,this}cross(e){return this.crossVectors(this,e)}crossVectors(e,t){const i=e.x,n=e.y,r=e.z,a=t.x,o=t.y,f=t.z;return this.x=n*f-r*o,this.y=r*a-i*f,this.z=i*o-n*a,this}projectOnVector(e){const t=e.lengthSq();if(t===0)return this.set(0,0,0);const i=e.dot(this)/t;return this.copy(e).multiplyScalar(i)}projectOnPlane(e){return tn.copy(this).projectOnVector(e),this.sub(tn)}reflect(e){return this.sub(tn.copy(e).multiplyScalar(2*this.dot(e)))}angleTo(e){const t=Math.sqrt(this.lengthSq()*e.lengthSq());if(t===0)return Math.PI/2;const i=this.dot(e)/t;return Math.acos(fe(i,-1,1))}distanceTo(e){return Math.sqrt(this.distanceToSquared(e))}distanceToSquared(e){const t=this.x-e.x,i=this.y-e.y,n=this.z-e.z;return t*t+i*i+n*n}manhattanDistanceTo(e){return Math.abs(this.x-e.x)+Math.abs(this.y-e.y)+Math.abs(this.z-e.z)}setFromSpherical(e){return this.setFromSphericalCoords(e.radius,e.phi,e.theta)}setFromSphericalCoords(e,t,i){const n=Math.sin(t)*e;return this.x=n*Math.sin(i),this.y=Math.cos(t)*e,this.z=n*Math.cos(i),this}setFromCylindrical(e){return this.setFromCylindricalCoords(e.radius,e.theta,e.y)}setFromCylindricalCoords(e,t,i){return this.x=e*Math.sin(t),this.y=i,this.z=e*Math.cos(t),this}setFromMatrixPosition(e){const t=e.elements;return this.x=t[12],this.y=t[13],this.z=t[14],this}setFromMatrixScale(e){const t=this.setFromMatrixColumn(e,0).length(),i=this.setFromMatrixColumn(e,1).length(),n=this.setFromMatrixColumn(e,2).length();return this.x=t,this.y=i,this.z=n,this}setFromMatrixColumn(e,t){return this.fromArray(e.elements,t*4)}setFromMatrix3Column(e,t){return this.fromArray(e.elements,t*3)}setFromEuler(e){return this.x=e._x,this.y=e._y,this.z=e._z,this}setFromColor(e){return this.x=e.r,this.y=e.g,this.z=e.b,this}equals(e){return e.x===this.x&&e.y===this.y&&e.z===this.z}fromArray(e,t=0){return this.x=e[t],this.y=e[t+1],this.z=e[t+2],this}toArray(e=[],t=0){return e[t]=this.x,e[t+1]=this.y,e[t+2]=this.z,e}fromBufferAttribute(e,t){return this.x=e.getX(t),this.y=e.getY(t),this.z=e.getZ(t),this}random(){return this.x=Math.random(),this.y=Math.random(),this.z=Math.random(),this}randomDirection(){const e=Math.random()*Math.PI*2,t=Math.random()*2-1,i=Math.sqrt(1-t*t);return this.x=i*Math.cos(e),this.y=t,this.z=i*Math.sin(e),this}*[Symbol.iterator](){yield this.x,yield this.y,yield this.z}}const tn=new U,Dn=new wi;class he{constructor(e,t,i,n,r,a,o,f,l){he.prototype.isMatrix3=!0,this.elements=[1,0,0,0,1,0,0,0,1],e!==void 0&&this.set(e,t,i,n,r,a,o,f,l)}set(e,t,i,n,r,a,o,f,l){const c=this.elements;return c[0]=e,c[1]=n,c[2]=o,c[3]=t,c[4]=r,c[5]=f,c[6]=i,c[7]=a,c[8]=l,this}identity(){return this.set(1,0,0,0,1,0,0,0,1),this}copy(e){const t=this.elements,i=e.elements;return t[0]=i[0],t[1]=i[1],t[2]=i[2],t[3]=i[3],t[4]=i[4],t[5]=i[5],t[6]=i[6],t[7]=i[7],t[8]=i[8],this}extractBasis(e,t,i){return e.setFromMatrix3Column(this,0),t.setFromMatrix3Column(this,1),i.setFromMatrix3Column(this,2),this}setFromMatrix4(e){const t=e.elements;return this.set(t[0],t[4],t[8],t[1],t[5],t[9],t[2],t[6],t[10]),this}multiply(e){return this.multiplyMatrices(this,e)}premultiply(e){return this.multiplyMatrices(e,this)}multiplyMatrices(e,t){const i=e.elements,n=t.elements,r=this.elements,a=i[0],o=i[3],f=i[6],l=i[1],c=i[4],d=i[7],g=i[2],m=i[5],_=i[8],S=n[0],u=n[3],h=n[6],C=n[1],b=n[4],y=n[7],L=n[2],O=n[5],N=n[8];return r[0]=a*S+o*C+f*L,r[3]=a*u+o*b+f*O,r[6]=a*h+o*y+f*N,r[1]=l*S+c*C+d*L,r[4]=l*u+c*b+d*O,r[7]=l*h+c*y+d*N,r[2]=g*S+m*C+_*L,r[5]=g*u+m*b+_*O,r[8]=g*h+m*y+_*N,this}multiplyScalar(e){const t=this.elements;return t[0]*=e,t[3]*=e,t[6]*=e,t[1]*=e,t[4]*=e,t[7]*=e,t[2]*=e,t[5]*=e,t[8]*=e,this}determinant(){const e=this.elements,t=e[0],i=e[1],n=e[2],r=e[3],a=e[4],o=e[5],f=e[6],l=e[7],c=e[8];return t*a*c-t*o*l-i*r*c+i*o*f+n*r*l-n*a*f}invert(){const e=this.elements,t=e[0],i=e[1],n=e[2],r=e[3],a=e[4],o=e[5],f=e[6],l=e[7],c=e[8],d=c*a-o*l,g=o*f-c*r,m=l*r-a*f,_=t*d+i*g+n*m;if(_===0)return this.set(0,0,0,0,0,0,0,0,0);const S=1/_;return e[0]=d*S,e[1]=(n*l-c*i)*S,e[2]=(o*i-n*a)*S,e[3]=g*S,e[4]=(c*t-n*f)*S,e[5]=(n*r-o*t)*S,e[6]=m*S,e[7]=(i*f-l*t)*S,e[8]=(a*t-i*r)*S,this}transpose(){let e;const t=this.elements;return e=t[1],t[1]=t[3],t[3]=e,e=t[2],t[2]=t[6],t[6]=e,e=t[5],t[5]=t[7],t[7]=e,this}getNormalMatrix(e){return this.setFromMatrix4(e).invert().transpose()}transposeIntoArray(e){const t=this.elements;return e[0]=t[0],e[1]=t[3],e[2]=t[6],e[3]=t[1],e[4]=t[4],e[5]=t[7],e[6]=t[2],e[7]=t[5],e[8]=t[8],this}setUvTransform(e,t,i,n,r,a,o){const f=Math.cos(r),l=Math.sin(r);return this.set(i*f,i*l,-i*(f*a+l*o)+a+e,-n*l,n*f,-n*(-l*a+f*o)+o+t,0,0,1),this}scale(e,t){return this.premultiply(nn.makeScale(e,t)),this}rotate(e){return this.premultiply(nn.makeRotation(-e)),this}translate(e,t){return this.premultiply(nn.makeTranslation(e,t)),this}makeTranslation(e,t){return e.isVector2?this.set(1,0,e.x,0,1,e.y,0,0,1):this.set(1,0,e,0,1,t,0,0,1),this}makeRotation(e){const t=Math.cos(e),i=Math.sin(e);return this.set(t,-i,0,i,t,0,0,0,1),this}makeScale(e,t){return this.set(e,0,0,0,t,0,0,0,1),this}equals(e){const t=this.elements,i=e.elements;for(let n=0;n<9;n++)if(t[n]!==i[n])return!1;return!0}fromArray(e,t=0){for(let i=0;i<9;i++)this.elements[i]=e[i+t];return this}toArray(e=[],t=0){const i=this.elements;return e[t]=i[0],e[t+1]=i[1],e[t+2]=i[2],e[t+3]=i[3],e[t+4]=i[4],e[t+5]=i[5],e[t+6]=i[6],e[t+7]=i[7],e[t+8]=i[8],e}clone(){return new this.constructor().fromArray(this.elements)}}const nn=new he;function xs(s){for(let e=s.length-1;e>=0;--e)if(s[e]>=65535)return!0;return!1}function Gs(s){return document.createElementNS("http://www.w3.org/1999/xhtml",s)}function Vs(){const s=Gs("canvas");return s.style.display="block",s}const Fn={};function Ai(s){s in Fn||(Fn[s]=!0,console.warn(s))}function Ws(s,e,t){return new Promise(function(i,n){function r(){switch(s.clientWaitSync(e,s.SYNC_FLUSH_COMMANDS_BIT,0)){case s.WAIT_FAILED:n();break;case s.TIMEOUT_EXPIRED:setTimeout(r,t);break;default:i()}}setTimeout(r,t)})}const Nn=new he().set(.4123908,.3575843,.1804808,.212639,.7151687,.0721923,.0193308,.1191948,.9505322),On=new he().set(3.2409699,-1.5373832,-.4986108,-.9692436,1.8759675,.0415551,.0556301,-.203977,1.0569715);function Xs(){const s={enabled:!0,workingColorSpace:$i,spaces:{},convert:function(n,r,a){return this.enabled===!1||r===a||!r||!a||(this.spaces[r].transfer===Vt&&(n.r=fi(n.r),n.g=fi(n.g),n.b=fi(n.b)),this.spaces[r].primaries!==this.spaces[a].primaries&&(n.applyMatrix3(this.spaces[r].toXYZ),n.applyMatrix3(this.spaces[a].fromXYZ)),this.spaces[a].transfer===Vt&&(n.r=di(n.r),n.g=di(n.g),n.b=di(n.b))),n},workingToColorSpace:function(n,r){return this.convert(n,this.workingColorSpace,r)},colorSpaceToWorking:function(n,r){return this.convert(n,r,this.workingColorSpace)},getPrimaries:function(n){return this.spaces[n].primaries},getTransfer:function(n){return n===""?yn:this.spaces[n].transfer},getToneMappingMode:function(n){return this.spaces[n].outputColorSpaceConfig.toneMappingMode||"standard"},getLuminanceCoefficients:function(n,r=this.workingColorSpace){return n.fromArray(this.spaces[r].luminanceCoefficients)},define:function(n){Object.assign(this.spaces,n)},_getMatrix:function(n,r,a){return n.copy(this.spaces[r].toXYZ).multiply(this.spaces[a].fromXYZ)},_getDrawingBufferColorSpace:function(n){return this.spaces[n].outputColorSpaceConfig.drawingBufferColorSpace},_getUnpackColorSpace:function(n=this.workingColorSpace){return this.spaces[n].workingColorSpaceConfig.unpackColorSpace},fromWorkingColorSpace:function(n,r){return Ai("THREE.ColorManagement: .fromWorkingColorSpace() has been renamed to .workingToColorSpace()."),s.workingToColorSpace(n,r)},toWorkingColorSpace:function(n,r){return Ai("THREE.ColorManagement: .toWorkingColorSpace() has been renamed to .colorSpaceToWorking()."),s.colorSpaceToWorking(n,r)}},e=[.64,.33,.3,.6,.15,.06],t=[.2126,.7152,.0722],i=[.3127,.329];return s.define({[$i]:{primaries:e,whitePoint:i,transfer:yn,toXYZ:Nn,fromXYZ:On,luminanceCoefficients:t,workingColorSpaceConfig:{unpackColorSpace:gt},outputColorSpaceConfig:{drawingBufferColorSpace:gt}},[gt]:{primaries:e,whitePoint:i,transfer:Vt,toXYZ:Nn,fromXYZ:On,luminanceCoefficients:t,outputColorSpaceConfig:{drawingBufferColorSpace:gt}}}),s}const be=Xs();function fi(s){return s<.04045?s*.0773993808:Math.pow(s*.9478672986+.0521327014,2.4)}function di(s){return s<.0031308?s*12.92:1.055*Math.pow(s,.41666)-.055}let qs=0;class En{constructor(e=null){this.isSource=!0,Object.defineProperty(this,"id",{value:qs++}),this.uuid=bi(),this.data=e,this.dataReady=!0,this.version=0}getSize(e){const t=this.data;return typeof HTMLVideoElement<"u"&&t instanceof HTMLVideoElement?e.set(t.videoWidth,t.videoHeight,0):t instanceof VideoFrame?e.set(t.displayHeight,t.displayWidth,0):t!==null?e.set(t.width,t.height,t.depth||0):e.set(0,0,0),e}set needsUpdate(e){e===!0&&this.version++}}let Ys=0;const sn=new U;class lt extends mi{constructor(e=lt.DEFAULT_IMAGE,t=lt.DEFAULT_MAPPING,i=1001,n=1001,r=1006,a=1008,o=1023,f=1009,l=lt.DEFAULT_ANISOTROPY,c=""){super(),this.isTexture=!0,Object.defineProperty(this,"id",{value:Ys++}),this.uuid=bi(),this.name="",this.source=new En(e),this.mipmaps=[],this.mapping=t,this.channel=0,this.wrapS=i,this.wrapT=n,this.magFilter=r,this.minFilter=a,this.anisotropy=l,this.format=o,this.internalFormat=null,this.type=f,this.offset=new Se(0,0),this.repeat=new Se(1,1),this.center=new Se(0,0),this.rotation=0,this.matrixAutoUpdate=!0,this.matrix=new he,this.generateMipmaps=!0,this.premultiplyAlpha=!1,this.flipY=!0,this.unpackAlignment=4,this.colorSpace=c,this.userData={},this.updateRanges=[],this.version=0,this.onUpdate=null,this.renderTarget=null,this.isRenderTargetTexture=!1,this.isArrayTexture=!!(e&&e.depth&&e.depth>1),this.pmremVersion=0}get width(){return this.source.getSize(sn).x}get height(){return this.source.getSize(sn).y}get depth(){return this.source.getSize(sn).z}get image(){return this.source.data}set image(e=null){this.source.data=e}updateMatrix(){this.matrix.setUvTransform(this.offset.x,this.offset.y,this.repeat.x,this.repeat.y,this.rotation,this.center.x,this.center.y)}addUpdateRange(e,t){this.updateRanges.push({start:e,count:t})}clearUpdateRanges(){this.updateRanges.length=0}clone(){return new this.constructor().copy(this)}copy(e){return this.name=e.name,this.source=e.source,this.mipmaps=e.mipmaps.slice(0),this.mapping=e.mapping,this.channel=e.channel,this.wrapS=e.wrapS,this.wrapT=e.wrapT,this.magFilter=e.magFilter,this.minFilter=e.minFilter,this.anisotropy=e.anisotropy,this.format=e.format,this.internalFormat=e.internalFormat,this.type=e.type,this.offset.copy(e.offset),this.repeat.copy(e.repeat),this.center.copy(e.center),this.rotation=e.rotation,this.matrixAutoUpdate=e.matrixAutoUpdate,this.matrix.copy(e.matrix),this.generateMipmaps=e.generateMipmaps,this.premultiplyAlpha=e.premultiplyAlpha,this.flipY=e.flipY,this.unpackAlignment=e.unpackAlignment,this.colorSpace=e.colorSpace,this.renderTarget=e.renderTarget,this.isRenderTargetTexture=e.isRenderTargetTexture,this.isArrayTexture=e.isArrayTexture,this.userData=JSON.parse(JSON.stringify(e.userData)),this.needsUpdate=!0,this}setValues(e){for(const t in e){const i=e[t];if(i===void 0){console.warn(`THREE.Texture.setValues(): parameter '${t}' has value of undefined.`);continue}const n=this[t];if(n===void 0){console.warn(`THREE.Texture.setValues(): property '${t}' does not exist.`);continue}n&&i&&n.isVector2&&i.isVector2||n&&i&&n.isVector3&&i.isVector3||n&&i&&n.isMatrix3&&i.isMatrix3?n.copy(i):this[t]=i}}dispose(){this.dispatchEvent({type:"dispose"})}transformUv(e){if(this.mapping!==300)return e;if(e.applyMatrix3(this.matrix),e.x<0||e.x>1)switch(this.wrapS){case 1e3:e.x=e.x-Math.floor(e.x);break;case 1001:e.x=e.x<0?0:1;break;case 1002:Math.abs(Math.floor(e.x)%2)===1?e.x=Math.ceil(e.x)-e.x:e.x=e.x-Math.floor(e.x);break}if(e.y<0||e.y>1)switch(this.wrapT){case 1e3:e.y=e.y-Math.floor(e.y);break;case 1001:e.y=e.y<0?0:1;break;case 1002:Math.abs(Math.floor(e.y)%2)===1?e.y=Math.ceil(e.y)-e.y:e.y=e.y-Math.floor(e.y);break}return this.flipY&&(e.y=1-e.y),e}set needsUpdate(e){e===!0&&(this.version++,this.source.needsUpdate=!0)}set needsPMREMUpdate(e){e===!0&&this.pmremVersion++}}lt.DEFAULT_IMAGE=null;lt.DEFAULT_MAPPING=300;lt.DEFAULT_ANISOTROPY=1;class He{constructor(e=0,t=0,i=0,n=1){He.prototype.isVector4=!0,this.x=e,this.y=t,this.z=i,this.w=n}get width(){return this.z}set width(e){this.z=e}get height(){return this.w}set height(e){this.w=e}set(e,t,i,n){return this.x=e,this.y=t,this.z=i,this.w=n,this}setScalar(e){return this.x=e,this.y=e,this.z=e,this.w=e,this}setX(e){return this.x=e,this}setY(e){return this.y=e,this}setZ(e){return this.z=e,this}setW(e){return this.w=e,this}setComponent(e,t){switch(e){case 0:this.x=t;break;case 1:this.y=t;break;case 2:this.z=t;break;case 3:this.w=t;break;default:throw new Error("index is out of range: "+e)}return this}getComponent(e){switch(e){case 0:return this.x;case 1:return this.y;case 2:return this.z;case 3:return this.w;default:throw new Error("index is out of range: "+e)}}clone(){return new this.constructor(this.x,this.y,this.z,this.w)}copy(e){return this.x=e.x,this.y=e.y,this.z=e.z,this.w=e.w!==void 0?e.w:1,this}add(e){return this.x+=e.x,this.y+=e.y,this.z+=e.z,this.w+=e.w,this}addScalar(e){return this.x+=e,this.y+=e,this.z+=e,this.w+=e,this}addVectors(e,t){return this.x=e.x+t.x,this.y=e.y+t.y,this.z=e.z+t.z,this.w=e.w+t.w,this}addScaledVector(e,t){return this.x+=e.x*t,this.y+=e.y*t,this.z+=e.z*t,this.w+=e.w*t,this}sub(e){return this.x-=e.x,this.y-=e.y,this.z-=e.z,this.w-=e.w,this}subScalar(e){return this.x-=e,this.y-=e,this.z-=e,this.w-=e,this}subVectors(e,t){return this.x=e.x-t.x,this.y=e.y-t.y,this.z=e.z-t.z,this.w=e.w-t.w,this}multiply(e){return this.x*=e.x,this.y*=e.y,this.z*=e.z,this.w*=e.w,this}multiplyScalar(e){return this.x*=e,this.y*=e,this.z*=e,this.w*=e,this}applyMatrix4(e){const t=this.x,i=this.y,n=this.z,r=this.w,a=e.elements;return this.x=a[0]*t+a[4]*i+a[8]*n+a[12]*r,this.y=a[1]*t+a[5]*i+a[9]*n+a[13]*r,this.z=a[2]*t+a[6]*i+a[10]*n+a[14]*r,this.w=a[3]*t+a[7]*i+a[11]*n+a[15]*r,this}divide(e){return this.x/=e.x,this.y/=e.y,this.z/=e.z,this.w/=e.w,this}divideScalar(e){return this.multiplyScalar(1/e)}setAxisAngleFromQuaternion(e){this.w=2*Math.acos(e.w);const t=Math.sqrt(1-e.w*e.w);return t<1e-4?(this.x=1,this.y=0,this.z=0):(this.x=e.x/t,this.y=e.y/t,this.z=e.z/t),this}setAxisAngleFromRotationMatrix(e){let t,i,n,r;const f=e.elements,l=f[0],c=f[4],d=f[8],g=f[1],m=f[5],_=f[9],S=f[2],u=f[6],h=f[10];if(Math.abs(c-g)<.01&&Math.abs(d-S)<.01&&Math.abs(_-u)<.01){if(Math.abs(c+g)<.1&&Math.abs(d+S)<.1&&Math.abs(_+u)<.1&&Math.abs(l+m+h-3)<.1)return this.set(1,0,0,0),this;t=Math.PI;const b=(l+1)/2,y=(m+1)/2,L=(h+1)/2,O=(c+g)/4,N=(d+S)/4,I=(_+u)/4;return b>y&&b>L?b<.01?(i=0,n=.707106781,r=.707106781):(i=Math.sqrt(b),n=O/i,r=N/i):y>L?y<.01?(i=.707106781,n=0,r=.707106781):(n=Math.sqrt(y),i=O/n,r=I/n):L<.01?(i=.707106781,n=.707106781,r=0):(r=Math.sqrt(L),i=N/r,n=I/r),this.set(i,n,r,t),this}let C=Math.sqrt((u-_)*(u-_)+(d-S)*(d-S)+(g-c)*(g-c));return Math.abs(C)<.001&&(C=1),this.x=(u-_)/C,this.y=(d-S)/C,this.z=(g-c)/C,this.w=Math.acos((l+m+h-1)/2),this}setFromMatrixPosition(e){const t=e.elements;return this.x=t[12],this.y=t[13],this.z=t[14],this.w=t[15],this}min(e){return this.x=Math.min(this.x,e.x),this.y=Math.min(this.y,e.y),this.z=Math.min(this.z,e.z),this.w=Math.min(this.w,e.w),this}max(e){return this.x=Math.max(this.x,e.x),this.y=Math.max(this.y,e.y),this.z=Math.max(this.z,e.z),this.w=Math.max(this.w,e.w),this}clamp(e,t){return this.x=fe(this.x,e.x,t.x),this.y=fe(this.y,e.y,t.y),this.z=fe(this.z,e.z,t.z),this.w=fe(this.w,e.w,t.w),this}clampScalar(e,t){return this.x=fe(this.x,e,t),this.y=fe(this.y,e,t),this.z=fe(this.z,e,t),this.w=fe(this.w,e,t),this}clampLength(e,t){const i=this.length();return this.divideScalar(i||1).multiplyScalar(fe(i,e,t))}floor(){return this.x=Math.floor(this.x),this.y=Math.floor(this.y),this.z=Math.floor(this.z),this.w=Math.floor(this.w),this}ceil(){return this.x=Math.ceil(this.x),this.y=Math.ceil(this.y),this.z=Math.ceil(this.z),this.w=Math.ceil(this.w),this}round(){return this.x=Math.round(this.x),this.y=Math.round(this.y),this.z=Math.round(this.z),this.w=Math.round(this.w),this}roundToZero(){return this.x=Math.trunc(this.x),this.y=Math.trunc(this.y),this.z=Math.trunc(this.z),this.w=Math.trunc(this.w),this}negate(){return this.x=-this.x,this.y=-this.y,this.z=-this.z,this.w=-this.w,this}dot(e){return this.x*e.x+this.y*e.y+this.z*e.z+this.w*e.w}lengthSq(){return this.x*this.x+this.y*this.y+this.z*this.z+this.w*this.w}length(){return Math.sqrt(this.x*this.x+this.y*this.y+this.z*this.z+this.w*this.w)}manhattanLength(){return Math.abs(this.x)+Math.abs(this.y)+Math.abs(this.z)+Math.abs(this.w)}normalize(){return this.divideScalar(this.length()||1)}setLength(e){return this.normalize().multiplyScalar(e)}lerp(e,t){return this.x+=(e.x-this.x)*t,this.y+=(e.y-this.y)*t,this.z+=(e.z-this.z)*t,this.w+=(e.w-this.w)*t,this}lerpVectors(e,t,i){return this.x=e.x+(t.x-e.x)*i,this.y=e.y+(t.y-e.y)*i,this.z=e.z+(t.z-e.z)*i,this.w=e.w+(t.w-e.w)*i,this}equals(e){return e.x===this.x&&e.y===this.y&&e.z===this.z&&e.w===this.w}fromArray(e,t=0){return this.x=e[t],this.y=e[t+1],this.z=e[t+2],this.w=e[t+3],this}toArray(e=[],t=0){return e[t]=this.x,e[t+1]=this.y,e[t+2]=this.z,e[t+3]=this.w,e}fromBufferAttribute(e,t){return this.x=e.getX(t),this.y=e.getY(t),this.z=e.getZ(t),this.w=e.getW(t),this}random(){return this.x=Math.random(),this.y=Math.random(),this.z=Math.random(),this.w=Math.random(),this}*[Symbol.iterator](){yield this.x,yield this.y,yield this.z,yield this.w}}class $s extends mi{constructor(e=1,t=1,i={}){super(),i=Object.assign({generateMipmaps:!1,internalFormat:null,minFilter:1006,depthBuffer:!0,stencilBuffer:!1,resolveDepthBuffer:!0,resolveStencilBuffer:!0,depthTexture:null,samples:0,count:1,depth:1,multiview:!1},i),this.isRenderTarget=!0,this.width=e,this.height=t,this.depth=i.depth,this.scissor=new He(0,0,e,t),this.scissorTest=!1,this.viewport=new He(0,0,e,t);const n={width:e,height:t,depth:i.depth},r=new lt(n);this.textures=[];const a=i.count;for(let o=0;o<a;o++)this.textures[o]=r.clone(),this.textures[o].isRenderTargetTexture=!0,this.textures[o].renderTarget=this;this._setTextureOptions(i),this.depthBuffer=i.depthBuffer,this.stencilBuffer=i.stencilBuffer,this.resolveDepthBuffer=i.resolveDepthBuffer,this.resolveStencilBuffer=i.resolveStencilBuffer,this._depthTexture=null,this.depthTexture=i.depthTexture,this.samples=i.samples,this.multiview=i.multiview}_setTextureOptions(e={}){const t={minFilter:1006,generateMipmaps:!1,flipY:!1,internalFormat:null};e.mapping!==void 0&&(t.mapping=e.mapping),e.wrapS!==void 0&&(t.wrapS=e.wrapS),e.wrapT!==void 0&&(t.wrapT=e.wrapT),e.wrapR!==void 0&&(t.wrapR=e.wrapR),e.magFilter!==void 0&&(t.magFilter=e.magFilter),e.minFilter!==void 0&&(t.minFilter=e.minFilter),e.format!==void 0&&(t.format=e.format),e.type!==void 0&&(t.type=e.type),e.anisotropy!==void 0&&(t.anisotropy=e.anisotropy),e.colorSpace!==void 0&&(t.colorSpace=e.colorSpace),e.flipY!==void 0&&(t.flipY=e.flipY),e.generateMipmaps!==void 0&&(t.generateMipmaps=e.generateMipmaps),e.internalFormat!==void 0&&(t.internalFormat=e.internalFormat);for(let i=0;i<this.textures.length;i++)this.textures[i].setValues(t)}get texture(){return this.textures[0]}set texture(e){this.textures[0]=e}set depthTexture(e){this._depthTexture!==null&&(this._depthTexture.renderTarget=null),e!==null&&(e.renderTarget=this),this._depthTexture=e}get depthTexture(){return this._depthTexture}setSize(e,t,i=1){if(this.width!==e||this.height!==t||this.depth!==i){this.width=e,this.height=t,this.depth=i;for(let n=0,r=this.textures.length;n<r;n++)this.textures[n].image.width=e,this.textures[n].image.height=t,this.textures[n].image.depth=i,this.textures[n].isArrayTexture=this.textures[n].image.depth>1;this.dispose()}this.viewport.set(0,0,e,t),this.scissor.set(0,0,e,t)}clone(){return new this.constructor().copy(this)}copy(e){this.width=e.width,this.height=e.height,this.depth=e.depth,this.scissor.copy(e.scissor),this.scissorTest=e.scissorTest,this.viewport.copy(e.viewport),this.textures.length=0;for(let t=0,i=e.textures.length;t<i;t++){this.textures[t]=e.textures[t].clone(),this.textures[t].isRenderTargetTexture=!0,this.textures[t].renderTarget=this;const n=Object.assign({},e.textures[t].image);this.textures[t].source=new En(n)}return this.depthBuffer=e.depthBuffer,this.stencilBuffer=e.stencilBuffer,this.resolveDepthBuffer=e.resolveDepthBuffer,this.resolveStencilBuffer=e.resolveStencilBuffer,e.depthTexture!==null&&(this.depthTexture=e.depthTexture.clone()),this.samples=e.samples,this}dispose(){this.dispatchEvent({type:"dispose"})}}class Zs extends $s{constructor(e=1,t=1,i={}){super(e,t,i),this.isWebGLRenderTarget=!0}}class Ks extends lt{constructor(e=null,t=1,i=1,n=1){super(null),this.isDataArrayTexture=!0,this.image={data:e,width:t,height:i,depth:n},this.magFilter=1003,this.minFilter=1003,this.wrapR=1001,this.generateMipmaps=!1,this.flipY=!1,this.unpackAlignment=1,this.layerUpdates=new Set}addLayerUpdate(e){this.layerUpdates.add(e)}clearLayerUpdates(){this.layerUpdates.clear()}}class Qs extends lt{constructor(e=null,t=1,i=1,n=1){super(null),this.isData3DTexture=!0,this.image={data:e,width:t,height:i,depth:n},this.magFilter=1003,this.minFilter=1003,this.wrapR=1001,this.generateMipmaps=!1,this.flipY=!1,this.unpackAlignment=1}}class Ci{constructor(e=new U(1/0,1/0,1/0),t=new U(-1/0,-1/0,-1/0)){this.isBox3=!0,this.min=e,this.max=t}set(e,t){return this.min.copy(e),this.max.copy(t),this}setFromArray(e){this.makeEmpty();for(let t=0,i=e.length;t<i;t+=3)this.expandByPoint(Mt.fromArray(e,t));return this}setFromBufferAttribute(e){this.makeEmpty();for(let t=0,i=e.count;t<i;t++)this.expandByPoint(Mt.fromBufferAttribute(e,t));return this}setFromPoints(e){this.makeEmpty();for(let t=0,i=e.length;t<i;t++)this.expandByPoint(e[t]);return this}setFromCenterAndSize(e,t){const i=Mt.copy(t).multiplyScalar(.5);return this.min.copy(e).sub(i),this.max.copy(e).add(i),this}setFromObject(e,t=!1){return this.makeEmpty(),this.expandByObject(e,t)}clone(){return new this.constructor().copy(this)}copy(e){return this.min.copy(e.min),this.max.copy(e.max),this}makeEmpty(){return this.min.x=this.min.y=this.min.z=1/0,this.max.x=this.max.y=this.max.z=-1/0,this}isEmpty(){return this.max.x<this.min.x||this.max.y<this.min.y||this.max.z<this.min.z}getCenter(e){return this.isEmpty()?e.set(0,0,0):e.addVectors(this.min,this.max).multiplyScalar(.5)}getSize(e){return this.isEmpty()?e.set(0,0,0):e.subVectors(this.max,this.min)}expandByPoint(e){return this.min.min(e),this.max.max(e),this}expandByVector(e){return this.min.sub(e),this.max.add(e),this}expandByScalar(e){return this.min.addScalar(-e),this.max.addScalar(e),this}expandByObject(e,t=!1){e.updateWorldMatrix(!1,!1);const i=e.geometry;if(i!==void 0){const r=i.getAttribute("position");if(t===!0&&r!==void 0&&e.isInstancedMesh!==!0)for(let a=0,o=r.count;a<o;a++)e.isMesh===!0?e.getVertexPosition(a,Mt):Mt.fromBufferAttribute(r,a),Mt.applyMatrix4(e.matrixWorld),this.expandByPoint(Mt);else e.boundingBox!==void 0?(e.boundingBox===null&&e.computeBoundingBox(),Ri.copy(e.boundingBox)):(i.boundingBox===null&&i.computeBoundingBox(),Ri.copy(i.boundingBox)),Ri.applyMatrix4(e.matrixWorld),this.union(Ri)}const n=e.children;for(let r=0,a=n.length;r<a;r++)this.expandByObject(n[r],t);return this}containsPoint(e){return e.x>=this.min.x&&e.x<=this.max.x&&e.y>=this.min.y&&e.y<=this.max.y&&e.z>=this.min.z&&e.z<=this.max.z}containsBox(e){return this.min.x<=e.min.x&&e.max.x<=this.max.x&&this.min.y<=e.min.y&&e.max.y<=this.max.y&&this.min.z<=e.min.z&&e.max.z<=this.max.z}getParameter(e,t){return t.set((e.x-this.min.x)/(this.max.x-this.min.x),(e.y-this.min.y)/(this.max.y-this.min.y),(e.z-this.min.z)/(this.max.z-this.min.z))}intersectsBox(e){return e.max.x>=this.min.x&&e.min.x<=this.max.x&&e.max.y>=this.min.y&&e.min.y<=this.max.y&&e.max.z>=this.min.z&&e.min.z<=this.max.z}intersectsSphere(e){return this.clampPoint(e.center,Mt),Mt.distanceToSquared(e.center)<=e.radius*e.radius}intersectsPlane(e){let t,i;return e.normal.x>0?(t=e.normal.x*this.min.x,i=e.normal.x*this.max.x):(t=e.normal.x*this.max.x,i=e.normal.x*this.min.x),e.normal.y>0?(t+=e.normal.y*this.min.y,i+=e.normal.y*this.max.y):(t+=e.normal.y*this.max.y,i+=e.normal.y*this.min.y),e.normal.z>0?(t+=e.normal.z*this.min.z,i+=e.normal.z*this.max.z):(t+=e.normal.z*this.max.z,i+=e.normal.z*this.min.z),t<=-e.constant&&i>=-e.constant}intersectsTriangle(e){if(this.isEmpty())return!1;this.getCenter(Mi),Ui.subVectors(this.max,Mi),ni.subVectors(e.a,Mi),si.subVectors(e.b,Mi),ri.subVectors(e.c,Mi),Bt.subVectors(si,ni),zt.subVectors(ri,si),Kt.subVectors(ni,ri);let t=[0,-Bt.z,Bt.y,0,-zt.z,zt.y,0,-Kt.z,Kt.y,Bt.z,0,-Bt.x,zt.z,0,-zt.x,Kt.z,0,-Kt.x,-Bt.y,Bt.x,0,-zt.y,zt.x,0,-Kt.y,Kt.x,0];return!rn(t,ni,si,ri,Ui)||(t=[1,0,0,0,1,0,0,0,1],!rn(t,ni,si,ri,Ui))?!1:(Ii.crossVectors(Bt,zt),t=[Ii.x,Ii.y,Ii.z],rn(t,ni,si,ri,Ui))}clampPoint(e,t){return t.copy(e).clamp(this.min,this.max)}distanceToPoint(e){return this.clampPoint(e,Mt).distanceTo(e)}getBoundingSphere(e){return this.isEmpty()?e.makeEmpty():(this.getCenter(e.center),e.radius=this.getSize(Mt).length()*.5),e}intersect(e){return this.min.max(e.min),this.max.min(e.max),this.isEmpty()&&this.makeEmpty(),this}union(e){return this.min.min(e.min),this.max.max(e.max),this}applyMatrix4(e){return this.isEmpty()?this:(It[0].set(this.min.x,this.min.y,this.min.z).applyMatrix4(e),It[1].set(this.min.x,this.min.y,this.max.z).applyMatrix4(e),It[2].set(this.min.x,this.max.y,this.min.z).applyMatrix4(e),It[3].set(this.min.x,this.max.y,this.max.z).applyMatrix4(e),It[4].set(this.max.x,this.min.y,this.min.z).applyMatrix4(e),It[5].set(this.max.x,this.min.y,this.max.z).applyMatrix4(e),It[6].set(this.max.x,this.max.y,this.min.z).applyMatrix4(e),It[7].set(this.max.x,this.max.y,this.max.z).applyMatrix4(e),this.setFromPoints(It),this)}translate(e){return this.min.add(e),this.max.add(e),this}equals(e){return e.min.equals(this.min)&&e.max.equals(this.max)}}const It=[new U,new U,new U,new U,new U,new U,new U,new U],Mt=new U,Ri=new Ci,ni=new U,si=new U,ri=new U,Bt=new U,zt=new U,Kt=new U,Mi=new U,Ui=new U,Ii=new U,Qt=new U;function rn(s,e,t,i,n){for(let r=0,a=s.length-3;r<=a;r+=3){Qt.fromArray(s,r);const o=n.x*Math.abs(Qt.x)+n.y*Math.abs(Qt.y)+n.z*Math.abs(Qt.z),f=e.dot(Qt),l=t.dot(Qt),c=i.dot(Qt);if(Math.max(-Math.max(f,l,c),Math.min(f,l,c))>o)return!1}return!0}const Js=new Ci,Si=new U,an=new U;class Ms{constructor(e=new U,t=-1){this.isSphere=!0,this.center=e,this.radius=t}set(e,t){return this.center.copy(e),this.radius=t,this}setFromPoints(e,t){const i=this.center;t!==void 0?i.copy(t):Js.setFromPoints(e).getCenter(i);let n=0;for(let r=0,a=e.length;r<a;r++)n=Math.max(n,i.distanceToSquared(e[r]));return this.radius=Math.sqrt(n),this}copy(e){return this.center.copy(e.center),this.radius=e.radius,this}isEmpty(){return this.radius<0}makeEmpty(){return this.center.set(0,0,0),this.radius=-1,this}containsPoint(e){return e.distanceToSquared(this.center)<=this.radius*this.radius}distanceToPoint(e){return e.distanceTo(this.center)-this.radius}intersectsSphere(e){const t=this.radius+e.radius;return e.center.distanceToSquared(this.center)<=t*t}intersectsBox(e){return e.intersectsSphere(this)}intersectsPlane(e){return Math.abs(e.distanceToPoint(this.center))<=this.radius}clampPoint(e,t){const i=this.center.distanceToSquared(e);return t.copy(e),i>this.radius*this.radius&&(t.sub(this.center).normalize(),t.multiplyScalar(this.radius).add(this.center)),t}getBoundingBox(e){return this.isEmpty()?(e.makeEmpty(),e):(e.set(this.center,this.center),e.expandByScalar(this.radius),e)}applyMatrix4(e){return this.center.applyMatrix4(e),this.radius=this.radius*e.getMaxScaleOnAxis(),this}translate(e){return this.center.add(e),this}expandByPoint(e){if(this.isEmpty())return this.center.copy(e),this.radius=0,this;Si.subVectors(e,this.center);const t=Si.lengthSq();if(t>this.radius*this.radius){const i=Math.sqrt(t),n=(i-this.radius)*.5;this.center.addScaledVector(Si,n/i),this.radius+=n}return this}union(e){return e.isEmpty()?this:this.isEmpty()?(this.copy(e),this):(this.center.equals(e.center)===!0?this.radius=Math.max(this.radius,e.radius):(an.subVectors(e.center,this.center).setLength(e.radius),this.expandByPoint(Si.copy(e.center).add(an)),this.expandByPoint(Si.copy(e.center).sub(an))),this)}equals(e){return e.center.equals(this.center)&&e.radius===this.radius}clone(){return new this.constructor().copy(this)}}class Ue{constructor(e,t,i,n,r,a,o,f,l,c,d,g,m,_,S,u){Ue.prototype.isMatrix4=!0,this.elements=[1,0,0,0,0,1,0,0,0,0,1,0,0,0,0,1],e!==void 0&&this.set(e,t,i,n,r,a,o,f,l,c,d,g,m,_,S,u)}set(e,t,i,n,r,a,o,f,l,c,d,g,m,_,S,u){const h=this.elements;return h[0]=e,h[4]=t,h[8]=i,h[12]=n,h[1]=r,h[5]=a,h[9]=o,h[13]=f,h[2]=l,h[6]=c,h[10]=d,h[14]=g,h[3]=m,h[7]=_,h[11]=S,h[15]=u,this}identity(){return this.set(1,0,0,0,0,1,0,0,0,0,1,0,0,0,0,1),this}clone(){return new Ue().fromArray(this.elements)}copy(e){const t=this.elements,i=e.elements;return t[0]=i[0],t[1]=i[1],t[2]=i[2],t[3]=i[3],t[4]=i[4],t[5]=i[5],t[6]=i[6],t[7]=i[7],t[8]=i[8],t[9]=i[9],t[10]=i[10],t[11]=i[11],t[12]=i[12],t[13]=i[13],t[14]=i[14],t[15]=i[15],this}copyPosition(e){const t=this.elements,i=e.elements;return t[12]=i[12],t[13]=i[13],t[14]=i[14],this}setFromMatrix3(e){const t=e.elements;return this.set(t[0],t[3],t[6],0,t[1],t[4],t[7],0,t[2],t[5],t[8],0,0,0,0,1),this}extractBasis(e,t,i){return e.setFromMatrixColumn(this,0),t.setFromMatrixColumn(this,1),i.setFromMatrixColumn(this,2),this}makeBasis(e,t,i){return this.set(e.x,t.x,i.x,0,e.y,t.y,i.y,0,e.z,t.z,i.z,0,0,0,0,1),this}extractRotation(e){const t=this.elements,i=e.elements,n=1/ai.setFromMatrixColumn(e,0).length(),r=1/ai.setFromMatrixColumn(e,1).length(),a=1/ai.setFromMatrixColumn(e,2).length();return t[0]=i[0]*n,t[1]=i[1]*n,t[2]=i[2]*n,t[3]=0,t[4]=i[4]*r,t[5]=i[5]*r,t[6]=i[6]*r,t[7]=0,t[8]=i[8]*a,t[9]=i[9]*a,t[10]=i[10]*a,t[11]=0,t[12]=0,t[13]=0,t[14]=0,t[15]=1,this}makeRotationFromEuler(e){const t=this.elements,i=e.x,n=e.y,r=e.z,a=Math.cos(i),o=Math.sin(i),f=Math.cos(n),l=Math.sin(n),c=Math.cos(r),d=Math.sin(r);if(e.order==="XYZ"){const g=a*c,m=a*d,_=o*c,S=o*d;t[0]=f*c,t[4]=-f*d,t[8]=l,t[1]=m+_*l,t[5]=g-S*l,t[9]=-o*f,t[2]=S-g*l,t[6]=_+m*l,t[10]=a*f}else if(e.order==="YXZ"){const g=f*c,m=f*d,_=l*c,S=l*d;t[0]=g+S*o,t[4]=_*o-m,t[8]=a*l,t[1]=a*d,t[5]=a*c,t[9]=-o,t[2]=m*o-_,t[6]=S+g*o,t[10]=a*f}else if(e.order==="ZXY"){const g=f*c,m=f*d,_=l*c,S=l*d;t[0]=g-S*o,t[4]=-a*d,t[8]=_+m*o,t[1]=m+_*o,t[5]=a*c,t[9]=S-g*o,t[2]=-a*l,t[6]=o,t[10]=a*f}else if(e.order==="ZYX"){const g=a*c,m=a*d,_=o*c,S=o*d;t[0]=f*c,t[4]=_*l-m,t[8]=g*l+S,t[1]=f*d,t[5]=S*l+g,t[9]=m*l-_,t[2]=-l,t[6]=o*f,t[10]=a*f}else if(e.order==="YZX"){const g=a*f,m=a*l,_=o*f,S=o*l;t[0]=f*c,t[4]=S-g*d,t[8]=_*d+m,t[1]=d,t[5]=a*c,t[9]=-o*c,t[2]=-l*c,t[6]=m*d+_,t[10]=g-S*d}else if(e.order==="XZY"){const g=a*f,m=a*l,_=o*f,S=o*l;t[0]=f*c,t[4]=-d,t[8]=l*c,t[1]=g*d+S,t[5]=a*c,t[9]=m*d-_,t[2]=_*d-m,t[6]=o*c,t[10]=S*d+g}return t[3]=0,t[7]=0,t[11]=0,t[12]=0,t[13]=0,t[14]=0,t[15]=1,this}makeRotationFromQuaternion(e){return this.compose(js,e,er)}lookAt(e,t,i){const n=this.elements;return ot.subVectors(e,t),ot.lengthSq()===0&&(ot.z=1),ot.normalize(),kt.crossVectors(i,ot),kt.lengthSq()===0&&(Math.abs(i.z)===1?ot.x+=1e-4:ot.z+=1e-4,ot.normalize(),kt.crossVectors(i,ot)),kt.normalize(),Di.crossVectors(ot,kt),n[0]=kt.x,n[4]=Di.x,n[8]=ot.x,n[1]=kt.y,n[5]=Di.y,n[9]=ot.y,n[2]=kt.z,n[6]=Di.z,n[10]=ot.z,this}multiply(e){return this.multiplyMatrices(this,e)}premultiply(e){return this.multiplyMatrices(e,this)}multiplyMatrices(e,t){const i=e.elements,n=t.elements,r=this.elements,a=i[0],o=i[4],f=i[8],l=i[12],c=i[1],d=i[5],g=i[9],m=i[13],_=i[2],S=i[6],u=i[10],h=i[14],C=i[3],b=i[7],y=i[11],L=i[15],O=n[0],N=n[4],I=n[8],x=n[12],M=n[1],w=n[5],F=n[9],D=n[13],k=n[2],X=n[6],H=n[10],Y=n[14],z=n[3],K=n[7],J=n[11],ae=n[15];return r[0]=a*O+o*M+f*k+l*z,r[4]=a*N+o*w+f*X+l*K,r[8]=a*I+o*F+f*H+l*J,r[12]=a*x+o*D+f*Y+l*ae,r[1]=c*O+d*M+g*k+m*z,r[5]=c*N+d*w+g*X+m*K,r[9]=c*I+d*F+g*H+m*J,r[13]=c*x+d*D+g*Y+m*ae,r[2]=_*O+S*M+u*k+h*z,r[6]=_*N+S*w+u*X+h*K,r[10]=_*I+S*F+u*H+h*J,r[14]=_*x+S*D+u*Y+h*ae,r[3]=C*O+b*M+y*k+L*z,r[7]=C*N+b*w+y*X+L*K,r[11]=C*I+b*F+y*H+L*J,r[15]=C*x+b*D+y*Y+L*ae,this}multiplyScalar(e){const t=this.elements;return t[0]*=e,t[4]*=e,t[8]*=e,t[12]*=e,t[1]*=e,t[5]*=e,t[9]*=e,t[13]*=e,t[2]*=e,t[6]*=e,t[10]*=e,t[14]*=e,t[3]*=e,t[7]*=e,t[11]*=e,t[15]*=e,this}determinant(){const e=this.elements,t=e[0],i=e[4],n=e[8],r=e[12],a=e[1],o=e[5],f=e[9],l=e[13],c=e[2],d=e[6],g=e[10],m=e[14],_=e[3],S=e[7],u=e[11],h=e[15];return _*(+r*f*d-n*l*d-r*o*g+i*l*g+n*o*m-i*f*m)+S*(+t*f*m-t*l*g+r*a*g-n*a*m+n*l*c-r*f*c)+u*(+t*l*d-t*o*m-r*a*d+i*a*m+r*o*c-i*l*c)+h*(-n*o*c-t*f*d+t*o*g+n*a*d-i*a*g+i*f*c)}transpose(){const e=this.elements;let t;return t=e[1],e[1]=e[4],e[4]=t,t=e[2],e[2]=e[8],e[8]=t,t=e[6],e[6]=e[9],e[9]=t,t=e[3],e[3]=e[12],e[12]=t,t=e[7],e[7]=e[13],e[13]=t,t=e[11],e[11]=e[14],e[14]=t,this}setPosition(e,t,i){const n=this.elements;return e.isVector3?(n[12]=e.x,n[13]=e.y,n[14]=e.z):(n[12]=e,n[13]=t,n[14]=i),this}invert(){const e=this.elements,t=e[0],i=e[1],n=e[2],r=e[3],a=e[4],o=e[5],f=e[6],l=e[7],c=e[8],d=e[9],g=e[10],m=e[11],_=e[12],S=e[13],u=e[14],h=e[15],C=d*u*l-S*g*l+S*f*m-o*u*m-d*f*h+o*g*h,b=_*g*l-c*u*l-_*f*m+a*u*m+c*f*h-a*g*h,y=c*S*l-_*d*l+_*o*m-a*S*m-c*o*h+a*d*h,L=_*d*f-c*S*f-_*o*g+a*S*g+c*o*u-a*d*u,O=t*C+i*b+n*y+r*L;if(O===0)return this.set(0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0);const N=1/O;return e[0]=C*N,e[1]=(S*g*r-d*u*r-S*n*m+i*u*m+d*n*h-i*g*h)*N,e[2]=(o*u*r-S*f*r+S*n*l-i*u*l-o*n*h+i*f*h)*N,e[3]=(d*f*r-o*g*r-d*n*l+i*g*l+o*n*m-i*f*m)*N,e[4]=b*N,e[5]=(c*u*r-_*g*r+_*n*m-t*u*m-c*n*h+t*g*h)*N,e[6]=(_*f*r-a*u*r-_*n*l+t*u*l+a*n*h-t*f*h)*N,e[7]=(a*g*r-c*f*r+c*n*l-t*g*l-a*n*m+t*f*m)*N,e[8]=y*N,e[9]=(_*d*r-c*S*r-_*i*m+t*S*m+c*i*h-t*d*h)*N,e[10]=(a*S*r-_*o*r+_*i*l-t*S*l-a*i*h+t*o*h)*N,e[11]=(c*o*r-a*d*r-c*i*l+t*d*l+a*i*m-t*o*m)*N,e[12]=L*N,e[13]=(c*S*n-_*d*n+_*i*g-t*S*g-c*i*u+t*d*u)*N,e[14]=(_*o*n-a*S*n-_*i*f+t*S*f+a*i*u-t*o*u)*N,e[15]=(a*d*n-c*o*n+c*i*f-t*d*f-a*i*g+t*o*g)*N,this}scale(e){const t=this.elements,i=e.x,n=e.y,r=e.z;return t[0]*=i,t[4]*=n,t[8]*=r,t[1]*=i,t[5]*=n,t[9]*=r,t[2]*=i,t[6]*=n,t[10]*=r,t[3]*=i,t[7]*=n,t[11]*=r,this}getMaxScaleOnAxis(){const e=this.elements,t=e[0]*e[0]+e[1]*e[1]+e[2]*e[2],i=e[4]*e[4]+e[5]*e[5]+e[6]*e[6],n=e[8]*e[8]+e[9]*e[9]+e[10]*e[10];return Math.sqrt(Math.max(t,i,n))}makeTranslation(e,t,i){return e.isVector3?this.set(1,0,0,e.x,0,1,0,e.y,0,0,1,e.z,0,0,0,1):this.set(1,0,0,e,0,1,0,t,0,0,1,i,0,0,0,1),this}makeRotationX(e){const t=Math.cos(e),i=Math.sin(e);return this.set(1,0,0,0,0,t,-i,0,0,i,t,0,0,0,0,1),this}makeRotationY(e){const t=Math.cos(e),i=Math.sin(e);return this.set(t,0,i,0,0,1,0,0,-i,0,t,0,0,0,0,1),this}makeRotationZ(e){const t=Math.cos(e),i=Math.sin(e);return this.set(t,-i,0,0,i,t,0,0,0,0,1,0,0,0,0,1),this}makeRotationAxis(e,t){const i=Math.cos(t),n=Math.sin(t),r=1-i,a=e.x,o=e.y,f=e.z,l=r*a,c=r*o;return this.set(l*a+i,l*o-n*f,l*f+n*o,0,l*o+n*f,c*o+i,c*f-n*a,0,l*f-n*o,c*f+n*a,r*f*f+i,0,0,0,0,1),this}makeScale(e,t,i){return this.set(e,0,0,0,0,t,0,0,0,0,i,0,0,0,0,1),this}makeShear(e,t,i,n,r,a){return this.set(1,i,r,0,e,1,a,0,t,n,1,0,0,0,0,1),this}compose(e,t,i){const n=this.elements,r=t._x,a=t._y,o=t._z,f=t._w,l=r+r,c=a+a,d=o+o,g=r*l,m=r*c,_=r*d,S=a*c,u=a*d,h=o*d,C=f*l,b=f*c,y=f*d,L=i.x,O=i.y,N=i.z;return n[0]=(1-(S+h))*L,n[1]=(m+y)*L,n[2]=(_-b)*L,n[3]=0,n[4]=(m-y)*O,n[5]=(1-(g+h))*O,n[6]=(u+C)*O,n[7]=0,n[8]=(_+b)*N,n[9]=(u-C)*N,n[10]=(1-(g+S))*N,n[11]=0,n[12]=e.x,n[13]=e.y,n[14]=e.z,n[15]=1,this}decompose(e,t,i){const n=this.elements;let r=ai.set(n[0],n[1],n[2]).length();const a=ai.set(n[4],n[5],n[6]).length(),o=ai.set(n[8],n[9],n[10]).length();this.determinant()<0&&(r=-r),e.x=n[12],e.y=n[13],e.z=n[14],St.copy(this);const l=1/r,c=1/a,d=1/o;return St.elements[0]*=l,St.elements[1]*=l,St.elements[2]*=l,St.elements[4]*=c,St.elements[5]*=c,St.elements[6]*=c,St.elements[8]*=d,St.elements[9]*=d,St.elements[10]*=d,t.setFromRotationMatrix(St),i.x=r,i.y=a,i.z=o,this}makePerspective(e,t,i,n,r,a,o=2e3,f=!1){const l=this.elements,c=2*r/(t-e),d=2*r/(i-n),g=(t+e)/(t-e),m=(i+n)/(i-n);let _,S;if(f)_=r/(a-r),S=a*r/(a-r);else if(o===2e3)_=-(a+r)/(a-r),S=-2*a*r/(a-r);else if(o===2001)_=-a/(a-r),S=-a*r/(a-r);else throw new Error("THREE.Matrix4.makePerspective(): Invalid coordinate system: "+o);return l[0]=c,l[4]=0,l[8]=g,l[12]=0,l[1]=0,l[5]=d,l[9]=m,l[13]=0,l[2]=0,l[6]=0,l[10]=_,l[14]=S,l[3]=0,l[7]=0,l[11]=-1,l[15]=0,this}makeOrthographic(e,t,i,n,r,a,o=2e3,f=!1){const l=this.elements,c=2/(t-e),d=2/(i-n),g=-(t+e)/(t-e),m=-(i+n)/(i-n);let _,S;if(f)_=1/(a-r),S=a/(a-r);else if(o===2e3)_=-2/(a-r),S=-(a+r)/(a-r);else if(o===2001)_=-1/(a-r),S=-r/(a-r);else throw new Error("THREE.Matrix4.makeOrthographic(): Invalid coordinate system: "+o);return l[0]=c,l[4]=0,l[8]=0,l[12]=g,l[1]=0,l[5]=d,l[9]=0,l[13]=m,l[2]=0,l[6]=0,l[10]=_,l[14]=S,l[3]=0,l[7]=0,l[11]=0,l[15]=1,this}equals(e){const t=this.elements,i=e.elements;for(let n=0;n<16;n++)if(t[n]!==i[n])return!1;return!0}fromArray(e,t=0){for(let i=0;i<16;i++)this.elements[i]=e[i+t];return this}toArray(e=[],t=0){const i=this.elements;return e[t]=i[0],e[t+1]=i[1],e[t+2]=i[2],e[t+3]=i[3],e[t+4]=i[4],e[t+5]=i[5],e[t+6]=i[6],e[t+7]=i[7],e[t+8]=i[8],e[t+9]=i[9],e[t+10]=i[10],e[t+11]=i[11],e[t+12]=i[12],e[t+13]=i[13],e[t+14]=i[14],e[t+15]=i[15],e}}const ai=new U,St=new Ue,js=new U(0,0,0),er=new U(1,1,1),kt=new U,Di=new U,ot=new U,Bn=new Ue,zn=new wi;class bt{constructor(e=0,t=0,i=0,n=bt.DEFAULT_ORDER){this.isEuler=!0,this._x=e,this._y=t,this._z=i,this._order=n}get x(){return this._x}set x(e){this._x=e,this._onChangeCallback()}get y(){return this._y}set y(e){this._y=e,this._onChangeCallback()}get z(){return this._z}set z(e){this._z=e,this._onChangeCallback()}get order(){return this._order}set order(e){this._order=e,this._onChangeCallback()}set(e,t,i,n=this._order){return this._x=e,this._y=t,this._z=i,this._order=n,this._onChangeCallback(),this}clone(){return new this.constructor(this._x,this._y,this._z,this._order)}copy(e){return this._x=e._x,this._y=e._y,this._z=e._z,this._order=e._order,this._onChangeCallback(),this}setFromRotationMatrix(e,t=this._order,i=!0){const n=e.elements,r=n[0],a=n[4],o=n[8],f=n[1],l=n[5],c=n[9],d=n[2],g=n[6],m=n[10];switch(t){case"XYZ":this._y=Math.asin(fe(o,-1,1)),Math.abs(o)<.9999999?(this._x=Math.atan2(-c,m),this._z=Math.atan2(-a,r)):(this._x=Math.atan2(g,l),this._z=0);break;case"YXZ":this._x=Math.asin(-fe(c,-1,1)),Math.abs(c)<.9999999?(this._y=Math.atan2(o,m),this._z=Math.atan2(f,l)):(this._y=Math.atan2(-d,r),this._z=0);break;case"ZXY":this._x=Math.asin(fe(g,-1,1)),Math.abs(g)<.9999999?(this._y=Math.atan2(-d,m),this._z=Math.atan2(-a,l)):(this._y=0,this._z=Math.atan2(f,r));break;case"ZYX":this._y=Math.asin(-fe(d,-1,1)),Math.abs(d)<.9999999?(this._x=Math.atan2(g,m),this._z=Math.atan2(f,r)):(this._x=0,this._z=Math.atan2(-a,l));break;case"YZX":this._z=Math.asin(fe(f,-1,1)),Math.abs(f)<.9999999?(this._x=Math.atan2(-c,l),this._y=Math.atan2(-d,r)):(this._x=0,this._y=Math.atan2(o,m));break;case"XZY":this._z=Math.asin(-fe(a,-1,1)),Math.abs(a)<.9999999?(this._x=Math.atan2(g,l),this._y=Math.atan2(o,r)):(this._x=Math.atan2(-c,m),this._y=0);break;default:console.warn("THREE.Euler: .setFromRotationMatrix() encountered an unknown order: "+t)}return this._order=t,i===!0&&this._onChangeCallback(),this}setFromQuaternion(e,t,i){return Bn.makeRotationFromQuaternion(e),this.setFromRotationMatrix(Bn,t,i)}setFromVector3(e,t=this._order){return this.set(e.x,e.y,e.z,t)}reorder(e){return zn.setFromEuler(this),this.setFromQuaternion(zn,e)}equals(e){return e._x===this._x&&e._y===this._y&&e._z===this._z&&e._order===this._order}fromArray(e){return this._x=e[0],this._y=e[1],this._z=e[2],e[3]!==void 0&&(this._order=e[3]),this._onChangeCallback(),this}toArray(e=[],t=0){return e[t]=this._x,e[t+1]=this._y,e[t+2]=this._z,e[t+3]=this._order,e}_onChange(e){return this._onChangeCallback=e,this}_onChangeCallback(){}*[Symbol.iterator](){yield this._x,yield this._y,yield this._z,yield this._order}}bt.DEFAULT_ORDER="XYZ";class Ss{constructor(){this.mask=1}set(e){this.mask=(1<<e|0)>>>0}enable(e){this.mask|=1<<e|0}enableAll(){this.mask=-1}toggle(e){this.mask^=1<<e|0}disable(e){this.mask&=~(1<<e|0)}disableAll(){this.mask=0}test(e){return(this.mask&e.mask)!==0}isEnabled(e){return(this.mask&(1<<e|0))!==0}}let tr=0;const kn=new U,oi=new wi,Dt=new Ue,Fi=new U,yi=new U,ir=new U,nr=new wi,Hn=new U(1,0,0),Gn=new U(0,1,0),Vn=new U(0,0,1),Wn={type:"added"},sr={type:"removed"},hi={type:"childadded",child:null},on={type:"childremoved",child:null};class Ge extends mi{constructor(){super(),this.isObject3D=!0,Object.defineProperty(this,"id",{value:tr++}),this.uuid=bi(),this.name="",this.type="Object3D",this.parent=null,this.children=[],this.up=Ge.DEFAULT_UP.clone();const e=new U,t=new bt,i=new wi,n=new U(1,1,1);function r(){i.setFromEuler(t,!1)}function a(){t.setFromQuaternion(i,void 0,!1)}t._onChange(r),i._onChange(a),Object.defineProperties(this,{position:{configurable:!0,enumerable:!0,value:e},rotation:{configurable:!0,enumerable:!0,value:t},quaternion:{configurable:!0,enumerable:!0,value:i},scale:{configurable:!0,enumerable:!0,value:n},modelViewMatrix:{value:new Ue},normalMatrix:{value:new he}}),this.matrix=new Ue,this.matrixWorld=new Ue,this.matrixAutoUpdate=Ge.DEFAULT_MATRIX_AUTO_UPDATE,this.matrixWorldAutoUpdate=Ge.DEFAULT_MATRIX_WORLD_AUTO_UPDATE,this.matrixWorldNeedsUpdate=!1,this.layers=new Ss,this.visible=!0,this.castShadow=!1,this.receiveShadow=!1,this.frustumCulled=!0,this.renderOrder=0,this.animations=[],this.customDepthMaterial=void 0,this.customDistanceMaterial=void 0,this.userData={}}onBeforeShadow(){}onAfterShadow(){}onBeforeRender(){}onAfterRender(){}applyMatrix4(e){this.matrixAutoUpdate&&this.updateMatrix(),this.matrix.premultiply(e),this.matrix.decompose(this.position,this.quaternion,this.scale)}applyQuaternion(e){return this.quaternion.premultiply(e),this}setRotationFromAxisAngle(e,t){this.quaternion.setFromAxisAngle(e,t)}setRotationFromEuler(e){this.quaternion.setFromEuler(e,!0)}setRotationFromMatrix(e){this.quaternion.setFromRotationMatrix(e)}setRotationFromQuaternion(e){this.quaternion.copy(e)}rotateOnAxis(e,t){return oi.setFromAxisAngle(e,t),this.quaternion.multiply(oi),this}rotateOnWorldAxis(e,t){return oi.setFromAxisAngle(e,t),this.quaternion.premultiply(oi),this}rotateX(e){return this.rotateOnAxis(Hn,e)}rotateY(e){return this.rotateOnAxis(Gn,e)}rotateZ(e){return this.rotateOnAxis(Vn,e)}translateOnAxis(e,t){return kn.copy(e).applyQuaternion(this.quaternion),this.position.add(kn.multiplyScalar(t)),this}translateX(e){return this.translateOnAxis(Hn,e)}translateY(e){return this.translateOnAxis(Gn,e)}translateZ(e){return this.translateOnAxis(Vn,e)}localToWorld(e){return this.updateWorldMatrix(!0,!1),e.applyMatrix4(this.matrixWorld)}worldToLocal(e){return this.updateWorldMatrix(!0,!1),e.applyMatrix4(Dt.copy(this.matrixWorld).invert())}lookAt(e,t,i){e.isVector3?Fi.copy(e):Fi.set(e,t,i);const n=this.parent;this.updateWorldMatrix(!0,!1),yi.setFromMatrixPosition(this.matrixWorld),this.isCamera||this.isLight?Dt.lookAt(yi,Fi,this.up):Dt.lookAt(Fi,yi,this.up),this.quaternion.setFromRotationMatrix(Dt),n&&(Dt.extractRotation(n.matrixWorld),oi.setFromRotationMatrix(Dt),this.quaternion.premultiply(oi.invert()))}add(e){if(arguments.length>1){for(let t=0;t<arguments.length;t++)this.add(arguments[t]);return this}return e===this?(console.error("THREE.Object3D.add: object can't be added as a child of itself.",e),this):(e&&e.isObject3D?(e.removeFromParent(),e.parent=this,this.children.push(e),e.dispatchEvent(Wn),hi.child=e,this.dispatchEvent(hi),hi.child=null):console.error("THREE.Object3D.add: object not an instance of THREE.Object3D.",e),this)}remove(e){if(arguments.length>1){for(let i=0;i<arguments.length;i++)this.remove(arguments[i]);return this}const t=this.children.indexOf(e);return t!==-1&&(e.parent=null,this.children.splice(t,1),e.dispatchEvent(sr),on.child=e,this.dispatchEvent(on),on.child=null),this}removeFromParent(){const e=this.parent;return e!==null&&e.remove(this),this}clear(){return this.remove(...this.children)}attach(e){return this.updateWorldMatrix(!0,!1),Dt.copy(this.matrixWorld).invert(),e.parent!==null&&(e.parent.updateWorldMatrix(!0,!1),Dt.multiply(e.parent.matrixWorld)),e.applyMatrix4(Dt),e.removeFromParent(),e.parent=this,this.children.push(e),e.updateWorldMatrix(!1,!0),e.dispatchEvent(Wn),hi.child=e,this.dispatchEvent(hi),hi.child=null,this}getObjectById(e){return this.getObjectByProperty("id",e)}getObjectByName(e){return this.getObjectByProperty("name",e)}getObjectByProperty(e,t){if(this[e]===t)return this;for(let i=0,n=this.children.length;i<n;i++){const a=this.children[i].getObjectByProperty(e,t);if(a!==void 0)return a}}getObjectsByProperty(e,t,i=[]){this[e]===t&&i.push(this);const n=this.children;for(let r=0,a=n.length;r<a;r++)n[r].getObjectsByProperty(e,t,i);return i}getWorldPosition(e){return this.updateWorldMatrix(!0,!1),e.setFromMatrixPosition(this.matrixWorld)}getWorldQuaternion(e){return this.updateWorldMatrix(!0,!1),this.matrixWorld.decompose(yi,e,ir),e}getWorldScale(e){return this.updateWorldMatrix(!0,!1),this.matrixWorld.decompose(yi,nr,e),e}getWorldDirection(e){this.updateWorldMatrix(!0,!1);const t=this.matrixWorld.elements;return e.set(t[8],t[9],t[10]).normalize()}raycast(){}traverse(e){e(this);const t=this.children;for(let i=0,n=t.length;i<n;i++)t[i].traverse(e)}traverseVisible(e){if(this.visible===!1)return;e(this);const t=this.children;for(let i=0,n=t.length;i<n;i++)t[i].traverseVisible(e)}traverseAncestors(e){const t=this.parent;t!==null&&(e(t),t.traverseAncestors(e))}updateMatrix(){this.matrix.compose(this.position,this.quaternion,this.scale),this.matrixWorldNeedsUpdate=!0}updateMatrixWorld(e){this.matrixAutoUpdate&&this.updateMatrix(),(this.matrixWorldNeedsUpdate||e)&&(this.matrixWorldAutoUpdate===!0&&(this.parent===null?this.matrixWorld.copy(this.matrix):this.matrixWorld.multiplyMatrices(this.parent.matrixWorld,this.matrix)),this.matrixWorldNeedsUpdate=!1,e=!0);const t=this.children;for(let i=0,n=t.length;i<n;i++)t[i].updateMatrixWorld(e)}updateWorldMatrix(e,t){const i=this.parent;if(e===!0&&i!==null&&i.updateWorldMatrix(!0,!1),this.matrixAutoUpdate&&this.updateMatrix(),this.matrixWorldAutoUpdate===!0&&(this.parent===null?this.matrixWorld.copy(this.matrix):this.matrixWorld.multiplyMatrices(this.parent.matrixWorld,this.matrix)),t===!0){const n=this.children;for(let r=0,a=n.length;r<a;r++)n[r].updateWorldMatrix(!1,!0)}}clone(e){return new this.constructor().copy(this,e)}copy(e,t=!0){if(this.name=e.name,this.up.copy(e.up),this.position.copy(e.position),this.rotation.order=e.rotation.order,this.quaternion.copy(e.quaternion),this.scale.copy(e.scale),this.matrix.copy(e.matrix),this.matrixWorld.copy(e.matrixWorld),this.matrixAutoUpdate=e.matrixAutoUpdate,this.matrixWorldAutoUpdate=e.matrixWorldAutoUpdate,this.matrixWorldNeedsUpdate=e.matrixWorldNeedsUpdate,this.layers.mask=e.layers.mask,this.visible=e.visible,this.castShadow=e.castShadow,this.receiveShadow=e.receiveShadow,this.frustumCulled=e.frustumCulled,this.renderOrder=e.renderOrder,this.animations=e.animations.slice(),this.userData=JSON.parse(JSON.stringify(e.userData)),t===!0)for(let i=0;i<e.children.length;i++){const n=e.children[i];this.add(n.clone())}return this}}Ge.DEFAULT_UP=new U(0,1,0);Ge.DEFAULT_MATRIX_AUTO_UPDATE=!0;Ge.DEFAULT_MATRIX_WORLD_AUTO_UPDATE=!0;const yt=new U,Ft=new U,hn=new U,Nt=new U,li=new U,ci=new U,Xn=new U,ln=new U,cn=new U,un=new U,fn=new He,dn=new He,pn=new He;class vt{constructor(e=new U,t=new U,i=new U){this.a=e,this.b=t,this.c=i}static getNormal(e,t,i,n){n.subVectors(i,t),yt.subVectors(e,t),n.cross(yt);const r=n.lengthSq();return r>0?n.multiplyScalar(1/Math.sqrt(r)):n.set(0,0,0)}static getBarycoord(e,t,i,n,r){yt.subVectors(n,t),Ft.subVectors(i,t),hn.subVectors(e,t);const a=yt.dot(yt),o=yt.dot(Ft),f=yt.dot(hn),l=Ft.dot(Ft),c=Ft.dot(hn),d=a*l-o*o;if(d===0)return r.set(0,0,0),null;const g=1/d,m=(l*f-o*c)*g,_=(a*c-o*f)*g;return r.set(1-m-_,_,m)}static containsPoint(e,t,i,n){return this.getBarycoord(e,t,i,n,Nt)===null?!1:Nt.x>=0&&Nt.y>=0&&Nt.x+Nt.y<=1}static getInterpolation(e,t,i,n,r,a,o,f){return this.getBarycoord(e,t,i,n,Nt)===null?(f.x=0,f.y=0,"z"in f&&(f.z=0),"w"in f&&(f.w=0),null):(f.setScalar(0),f.addScaledVector(r,Nt.x),f.addScaledVector(a,Nt.y),f.addScaledVector(o,Nt.z),f)}static getInterpolatedAttribute(e,t,i,n,r,a){return fn.setScalar(0),dn.setScalar(0),pn.setScalar(0),fn.fromBufferAttribute(e,t),dn.fromBufferAttribute(e,i),pn.fromBufferAttribute(e,n),a.setScalar(0),a.addScaledVector(fn,r.x),a.addScaledVector(dn,r.y),a.addScaledVector(pn,r.z),a}static isFrontFacing(e,t,i,n){return yt.subVectors(i,t),Ft.subVectors(e,t),yt.cross(Ft).dot(n)<0}set(e,t,i){return this.a.copy(e),this.b.copy(t),this.c.copy(i),this}setFromPointsAndIndices(e,t,i,n){return this.a.copy(e[t]),this.b.copy(e[i]),this.c.copy(e[n]),this}setFromAttributeAndIndices(e,t,i,n){return this.a.fromBufferAttribute(e,t),this.b.fromBufferAttribute(e,i),this.c.fromBufferAttribute(e,n),this}clone(){return new this.constructor().copy(this)}copy(e){return this.a.copy(e.a),this.b.copy(e.b),this.c.copy(e.c),this}getArea(){return yt.subVectors(this.c,this.b),Ft.subVectors(this.a,this.b),yt.cross(Ft).length()*.5}getMidpoint(e){return e.addVectors(this.a,this.b).add(this.c).multiplyScalar(1/3)}getNormal(e){return vt.getNormal(this.a,this.b,this.c,e)}getPlane(e){return e.setFromCoplanarPoints(this.a,this.b,this.c)}getBarycoord(e,t){return vt.getBarycoord(e,this.a,this.b,this.c,t)}getInterpolation(e,t,i,n,r){return vt.getInterpolation(e,this.a,this.b,this.c,t,i,n,r)}containsPoint(e){return vt.containsPoint(e,this.a,this.b,this.c)}isFrontFacing(e){return vt.isFrontFacing(this.a,this.b,this.c,e)}intersectsBox(e){return e.intersectsTriangle(this)}closestPointToPoint(e,t){const i=this.a,n=this.b,r=this.c;let a,o;li.subVectors(n,i),ci.subVectors(r,i),ln.subVectors(e,i);const f=li.dot(ln),l=ci.dot(ln);if(f<=0&&l<=0)return t.copy(i);cn.subVectors(e,n);const c=li.dot(cn),d=ci.dot(cn);if(c>=0&&d<=c)return t.copy(n);const g=f*d-c*l;if(g<=0&&f>=0&&c<=0)return a=f/(f-c),t.copy(i).addScaledVector(li,a);un.subVectors(e,r);const m=li.dot(un),_=ci.dot(un);if(_>=0&&m<=_)return t.copy(r);const S=m*l-f*_;if(S<=0&&l>=0&&_<=0)return o=l/(l-_),t.copy(i).addScaledVector(ci,o);const u=c*_-m*d;if(u<=0&&d-c>=0&&m-_>=0)return Xn.subVectors(r,n),o=(d-c)/(d-c+(m-_)),t.copy(n).addScaledVector(Xn,o);const h=1/(u+S+g);return a=S*h,o=g*h,t.copy(i).addScaledVector(li,a).addScaledVector(ci,o)}equals(e){return e.a.equals(this.a)&&e.b.equals(this.b)&&e.c.equals(this.c)}}const ys={aliceblue:15792383,antiquewhite:16444375,aqua:65535,aquamarine:8388564,azure:15794175,beige:16119260,bisque:16770244,black:0,blanchedalmond:16772045,blue:255,blueviolet:9055202,brown:10824234,burlywood:14596231,cadetblue:6266528,chartreuse:8388352,chocolate:13789470,coral:16744272,cornflowerblue:6591981,cornsilk:16775388,crimson:14423100,cyan:65535,darkblue:139,darkcyan:35723,darkgoldenrod:12092939,darkgray:11119017,darkgreen:25600,darkgrey:11119017,darkkhaki:12433259,darkmagenta:9109643,darkolivegreen:5597999,darkorange:16747520,darkorchid:10040012,darkred:9109504,darksalmon:15308410,darkseagreen:9419919,darkslateblue:4734347,darkslategray:3100495,darkslategrey:3100495,darkturquoise:52945,darkviolet:9699539,deeppink:16716947,deepskyblue:49151,dimgray:6908265,dimgrey:6908265,dodgerblue:2003199,firebrick:11674146,floralwhite:16775920,forestgreen:2263842,fuchsia:16711935,gainsboro:14474460,ghostwhite:16316671,gold:16766720,goldenrod:14329120,gray:8421504,green:32768,greenyellow:11403055,grey:8421504,honeydew:15794160,hotpink:16738740,indianred:13458524,indigo:4915330,ivory:16777200,khaki:15787660,lavender:15132410,lavenderblush:16773365,lawngreen:8190976,lemonchiffon:16775885,lightblue:11393254,lightcoral:15761536,lightcyan:14745599,lightgoldenrodyellow:16448210,lightgray:13882323,lightgreen:9498256,lightgrey:13882323,lightpink:16758465,lightsalmon:16752762,lightseagreen:2142890,lightskyblue:8900346,lightslategray:7833753,lightslategrey:7833753,lightsteelblue:11584734,lightyellow:16777184,lime:65280,limegreen:3329330,linen:16445670,magenta:16711935,maroon:8388608,mediumaquamarine:6737322,mediumblue:205,mediumorchid:12211667,mediumpurple:9662683,mediumseagreen:3978097,mediumslateblue:8087790,mediumspringgreen:64154,mediumturquoise:4772300,mediumvioletred:13047173,midnightblue:1644912,mintcream:16121850,mistyrose:16770273,moccasin:16770229,navajowhite:16768685,navy:128,oldlace:16643558,olive:8421376,olivedrab:7048739,orange:16753920,orangered:16729344,orchid:14315734,palegoldenrod:15657130,palegreen:10025880,paleturquoise:11529966,palevioletred:14381203,papayawhip:16773077,peachpuff:16767673,peru:13468991,pink:16761035,plum:14524637,powderblue:11591910,purple:8388736,rebeccapurple:6697881,red:16711680,rosybrown:12357519,royalblue:4286945,saddlebrown:9127187,salmon:16416882,sandybrown:16032864,seagreen:3050327,seashell:16774638,sienna:10506797,silver:12632256,skyblue:8900331,slateblue:6970061,slategray:7372944,slategrey:7372944,snow:16775930,springgreen:65407,steelblue:4620980,tan:13808780,teal:32896,thistle:14204888,tomato:16737095,turquoise:4251856,violet:15631086,wheat:16113331,white:16777215,whitesmoke:16119285,yellow:16776960,yellowgreen:10145074},Ht={h:0,s:0,l:0},Ni={h:0,s:0,l:0};function mn(s,e,t){return t<0&&(t+=1),t>1&&(t-=1),t<1/6?s+(e-s)*6*t:t<1/2?e:t<2/3?s+(e-s)*6*(2/3-t):s}class me{constructor(e,t,i){return this.isColor=!0,this.r=1,this.g=1,this.b=1,this.set(e,t,i)}set(e,t,i){if(t===void 0&&i===void 0){const n=e;n&&n.isColor?this.copy(n):typeof n=="number"?this.setHex(n):typeof n=="string"&&this.setStyle(n)}else this.setRGB(e,t,i);return this}setScalar(e){return this.r=e,this.g=e,this.b=e,this}setHex(e,t=gt){return e=Math.floor(e),this.r=(e>>16&255)/255,this.g=(e>>8&255)/255,this.b=(e&255)/255,be.colorSpaceToWorking(this,t),this}setRGB(e,t,i,n=be.workingColorSpace){return this.r=e,this.g=t,this.b=i,be.colorSpaceToWorking(this,n),this}setHSL(e,t,i,n=be.workingColorSpace){if(e=Hs(e,1),t=fe(t,0,1),i=fe(i,0,1),t===0)this.r=this.g=this.b=i;else{const r=i<=.5?i*(1+t):i+t-i*t,a=2*i-r;this.r=mn(a,r,e+1/3),this.g=mn(a,r,e),this.b=mn(a,r,e-1/3)}return be.colorSpaceToWorking(this,n),this}setStyle(e,t=gt){function i(r){r!==void 0&&parseFloat(r)<1&&console.warn("THREE.Color: Alpha component of "+e+" will be ignored.")}let n;if(n=/^(\w+)\(([^\)]*)\)/.exec(e)){let r;const a=n[1],o=n[2];switch(a){case"rgb":case"rgba":if(r=/^\s*(\d+)\s*,\s*(\d+)\s*,\s*(\d+)\s*(?:,\s*(\d*\.?\d+)\s*)?$/.exec(o))return i(r[4]),this.setRGB(Math.min(255,parseInt(r[1],10))/255,Math.min(255,parseInt(r[2],10))/255,Math.min(255,parseInt(r[3],10))/255,t);if(r=/^\s*(\d+)\%\s*,\s*(\d+)\%\s*,\s*(\d+)\%\s*(?:,\s*(\d*\.?\d+)\s*)?$/.exec(o))return i(r[4]),this.setRGB(Math.min(100,parseInt(r[1],10))/100,Math.min(100,parseInt(r[2],10))/100,Math.min(100,parseInt(r[3],10))/100,t);break;case"hsl":case"hsla":if(r=/^\s*(\d*\.?\d+)\s*,\s*(\d*\.?\d+)\%\s*,\s*(\d*\.?\d+)\%\s*(?:,\s*(\d*\.?\d+)\s*)?$/.exec(o))return i(r[4]),this.setHSL(parseFloat(r[1])/360,parseFloat(r[2])/100,parseFloat(r[3])/100,t);break;default:console.warn("THREE.Color: Unknown color model "+e)}}else if(n=/^\#([A-Fa-f\d]+)$/.exec(e)){const r=n[1],a=r.length;if(a===3)return this.setRGB(parseInt(r.charAt(0),16)/15,parseInt(r.charAt(1),16)/15,parseInt(r.charAt(2),16)/15,t);if(a===6)return this.setHex(parseInt(r,16),t);console.warn("THREE.Color: Invalid hex color "+e)}else if(e&&e.length>0)return this.setColorName(e,t);return this}setColorName(e,t=gt){const i=ys[e.toLowerCase()];return i!==void 0?this.setHex(i,t):console.warn("THREE.Color: Unknown color "+e),this}clone(){return new this.constructor(this.r,this.g,this.b)}copy(e){return this.r=e.r,this.g=e.g,this.b=e.b,this}copySRGBToLinear(e){return this.r=fi(e.r),this.g=fi(e.g),this.b=fi(e.b),this}copyLinearToSRGB(e){return this.r=di(e.r),this.g=di(e.g),this.b=di(e.b),this}convertSRGBToLinear(){return this.copySRGBToLinear(this),this}convertLinearToSRGB(){return this.copyLinearToSRGB(this),this}getHex(e=gt){return be.workingToColorSpace(Ye.copy(this),e),Math.round(fe(Ye.r*255,0,255))*65536+Math.round(fe(Ye.g*255,0,255))*256+Math.round(fe(Ye.b*255,0,255))}getHexString(e=gt){return("000000"+this.getHex(e).toString(16)).slice(-6)}getHSL(e,t=be.workingColorSpace){be.workingToColorSpace(Ye.copy(this),t);const i=Ye.r,n=Ye.g,r=Ye.b,a=Math.max(i,n,r),o=Math.min(i,n,r);let f,l;const c=(o+a)/2;if(o===a)f=0,l=0;else{const d=a-o;switch(l=c<=.5?d/(a+o):d/(2-a-o),a){case i:f=(n-r)/d+(n<r?6:0);break;case n:f=(r-i)/d+2;break;case r:f=(i-n)/d+4;break}f/=6}return e.h=f,e.s=l,e.l=c,e}getRGB(e,t=be.workingColorSpace){return be.workingToColorSpace(Ye.copy(this),t),e.r=Ye.r,e.g=Ye.g,e.b=Ye.b,e}getStyle(e=gt){be.workingToColorSpace(Ye.copy(this),e);const t=Ye.r,i=Ye.g,n=Ye.b;return e!==gt?`color(${e} ${t.toFixed(3)} ${i.toFixed(3)} ${n.toFixed(3)})`:`rgb(${Math.round(t*255)},${Math.round(i*255)},${Math.round(n*255)})`}offsetHSL(e,t,i){return this.getHSL(Ht),this.setHSL(Ht.h+e,Ht.s+t,Ht.l+i)}add(e){return this.r+=e.r,this.g+=e.g,this.b+=e.b,this}addColors(e,t){return this.r=e.r+t.r,this.g=e.g+t.g,this.b=e.b+t.b,this}addScalar(e){return this.r+=e,this.g+=e,this.b+=e,this}sub(e){return this.r=Math.max(0,this.r-e.r),this.g=Math.max(0,this.g-e.g),this.b=Math.max(0,this.b-e.b),this}multiply(e){return this.r*=e.r,this.g*=e.g,this.b*=e.b,this}multiplyScalar(e){return this.r*=e,this.g*=e,this.b*=e,this}lerp(e,t){return this.r+=(e.r-this.r)*t,this.g+=(e.g-this.g)*t,this.b+=(e.b-this.b)*t,this}lerpColors(e,t,i){return this.r=e.r+(t.r-e.r)*i,this.g=e.g+(t.g-e.g)*i,this.b=e.b+(t.b-e.b)*i,this}lerpHSL(e,t){this.getHSL(Ht),e.getHSL(Ni);const i=en(Ht.h,Ni.h,t),n=en(Ht.s,Ni.s,t),r=en(Ht.l,Ni.l,t);return this.setHSL(i,n,r),this}setFromVector3(e){return this.r=e.x,this.g=e.y,this.b=e.z,this}applyMatrix3(e){const t=this.r,i=this.g,n=this.b,r=e.elements;return this.r=r[0]*t+r[3]*i+r[6]*n,this.g=r[1]*t+r[4]*i+r[7]*n,this.b=r[2]*t+r[5]*i+r[8]*n,this}equals(e){return e.r===this.r&&e.g===this.g&&e.b===this.b}fromArray(e,t=0){return this.r=e[t],this.g=e[t+1],this.b=e[t+2],this}toArray(e=[],t=0){return e[t]=this.r,e[t+1]=this.g,e[t+2]=this.b,e}fromBufferAttribute(e,t){return this.r=e.getX(t),this.g=e.getY(t),this.b=e.getZ(t),this}*[Symbol.iterator](){yield this.r,yield this.g,yield this.b}}const Ye=new me;me.NAMES=ys;let rr=0;class Zi extends mi{constructor(){super(),this.isMaterial=!0,Object.defineProperty(this,"id",{value:rr++}),this.uuid=bi(),this.name="",this.type="Material",this.blending=1,this.side=0,this.vertexColors=!1,this.opacity=1,this.transparent=!1,this.alphaHash=!1,this.blendSrc=204,this.blendDst=205,this.blendEquation=100,this.blendSrcAlpha=null,this.blendDstAlpha=null,this.blendEquationAlpha=null,this.blendColor=new me(0,0,0),this.blendAlpha=0,this.depthFunc=3,this.depthTest=!0,this.depthWrite=!0,this.stencilWriteMask=255,this.stencilFunc=519,this.stencilRef=0,this.stencilFuncMask=255,this.stencilFail=7680,this.stencilZFail=7680,this.stencilZPass=7680,this.stencilWrite=!1,this.clippingPlanes=null,this.clipIntersection=!1,this.clipShadows=!1,this.shadowSide=null,this.colorWrite=!0,this.precision=null,this.polygonOffset=!1,this.polygonOffsetFactor=0,this.polygonOffsetUnits=0,this.dithering=!1,this.alphaToCoverage=!1,this.premultipliedAlpha=!1,this.forceSinglePass=!1,this.allowOverride=!0,this.visible=!0,this.toneMapped=!0,this.userData={},this.version=0,this._alphaTest=0}get alphaTest(){return this._alphaTest}set alphaTest(e){this._alphaTest>0!=e>0&&this.version++,this._alphaTest=e}onBeforeRender(){}onBeforeCompile(){}customProgramCacheKey(){return this.onBeforeCompile.toString()}setValues(e){if(e!==void 0)for(const t in e){const i=e[t];if(i===void 0){console.warn(`THREE.Material: parameter '${t}' has value of undefined.`);continue}const n=this[t];if(n===void 0){console.warn(`THREE.Material: '${t}' is not a property of THREE.${this.type}.`);continue}n&&n.isColor?n.set(i):n&&n.isVector3&&i&&i.isVector3?n.copy(i):this[t]=i}}clone(){return new this.constructor().copy(this)}copy(e){this.name=e.name,this.blending=e.blending,this.side=e.side,this.vertexColors=e.vertexColors,this.opacity=e.opacity,this.transparent=e.transparent,this.blendSrc=e.blendSrc,this.blendDst=e.blendDst,this.blendEquation=e.blendEquation,this.blendSrcAlpha=e.blendSrcAlpha,this.blendDstAlpha=e.blendDstAlpha,this.blendEquationAlpha=e.blendEquationAlpha,this.blendColor.copy(e.blendColor),this.blendAlpha=e.blendAlpha,this.depthFunc=e.depthFunc,this.depthTest=e.depthTest,this.depthWrite=e.depthWrite,this.stencilWriteMask=e.stencilWriteMask,this.stencilFunc=e.stencilFunc,this.stencilRef=e.stencilRef,this.stencilFuncMask=e.stencilFuncMask,this.stencilFail=e.stencilFail,this.stencilZFail=e.stencilZFail,this.stencilZPass=e.stencilZPass,this.stencilWrite=e.stencilWrite;const t=e.clippingPlanes;let i=null;if(t!==null){const n=t.length;i=new Array(n);for(let r=0;r!==n;++r)i[r]=t[r].clone()}return this.clippingPlanes=i,this.clipIntersection=e.clipIntersection,this.clipShadows=e.clipShadows,this.shadowSide=e.shadowSide,this.colorWrite=e.colorWrite,this.precision=e.precision,this.polygonOffset=e.polygonOffset,this.polygonOffsetFactor=e.polygonOffsetFactor,this.polygonOffsetUnits=e.polygonOffsetUnits,this.dithering=e.dithering,this.alphaTest=e.alphaTest,this.alphaHash=e.alphaHash,this.alphaToCoverage=e.alphaToCoverage,this.premultipliedAlpha=e.premultipliedAlpha,this.forceSinglePass=e.forceSinglePass,this.visible=e.visible,this.toneMapped=e.toneMapped,this.userData=JSON.parse(JSON.stringify(e.userData)),this}dispose(){this.dispatchEvent({type:"dispose"})}set needsUpdate(e){e===!0&&this.version++}}class ar extends Zi{constructor(e){super(),this.isMeshBasicMaterial=!0,this.type="MeshBasicMaterial",this.color=new me(16777215),this.map=null,this.lightMap=null,this.lightMapIntensity=1,this.aoMap=null,this.aoMapIntensity=1,this.specularMap=null,this.alphaMap=null,this.envMap=null,this.envMapRotation=new bt,this.combine=0,this.reflectivity=1,this.refractionRatio=.98,this.wireframe=!1,this.wireframeLinewidth=1,this.wireframeLinecap="round",this.wireframeLinejoin="round",this.fog=!0,this.setValues(e)}copy(e){return super.copy(e),this.color.copy(e.color),this.map=e.map,this.lightMap=e.lightMap,this.lightMapIntensity=e.lightMapIntensity,this.aoMap=e.aoMap,this.aoMapIntensity=e.aoMapIntensity,this.specularMap=e.specularMap,this.alphaMap=e.alphaMap,this.envMap=e.envMap,this.envMapRotation.copy(e.envMapRotation),this.combine=e.combine,this.reflectivity=e.reflectivity,this.refractionRatio=e.refractionRatio,this.wireframe=e.wireframe,this.wireframeLinewidth=e.wireframeLinewidth,this.wireframeLinecap=e.wireframeLinecap,this.wireframeLinejoin=e.wireframeLinejoin,this.fog=e.fog,this}}const Re=new U,Oi=new Se;let or=0;class pi{constructor(e,t,i=!1){if(Array.isArray(e))throw new TypeError("THREE.BufferAttribute: array should be a Typed Array.");this.isBufferAttribute=!0,Object.defineProperty(this,"id",{value:or++}),this.name="",this.array=e,this.itemSize=t,this.count=e!==void 0?e.length/t:0,this.normalized=i,this.usage=35044,this.updateRanges=[],this.gpuType=1015,this.version=0}onUploadCallback(){}set needsUpdate(e){e===!0&&this.version++}setUsage(e){return this.usage=e,this}addUpdateRange(e,t){this.updateRanges.push({start:e,count:t})}clearUpdateRanges(){this.updateRanges.length=0}copy(e){return this.name=e.name,this.array=new e.array.constructor(e.array),this.itemSize=e.itemSize,this.count=e.count,this.normalized=e.normalized,this.usage=e.usage,this.gpuType=e.gpuType,this}copyAt(e,t,i){e*=this.itemSize,i*=t.itemSize;for(let n=0,r=this.itemSize;n<r;n++)this.array[e+n]=t.array[i+n];return this}copyArray(e){return this.array.set(e),this}applyMatrix3(e){if(this.itemSize===2)for(let t=0,i=this.count;t<i;t++)Oi.fromBufferAttribute(this,t),Oi.applyMatrix3(e),this.setXY(t,Oi.x,Oi.y);else if(this.itemSize===3)for(let t=0,i=this.count;t<i;t++)Re.fromBufferAttribute(this,t),Re.applyMatrix3(e),this.setXYZ(t,Re.x,Re.y,Re.z);return this}applyMatrix4(e){for(let t=0,i=this.count;t<i;t++)Re.fromBufferAttribute(this,t),Re.applyMatrix4(e),this.setXYZ(t,Re.x,Re.y,Re.z);return this}applyNormalMatrix(e){for(let t=0,i=this.count;t<i;t++)Re.fromBufferAttribute(this,t),Re.applyNormalMatrix(e),this.setXYZ(t,Re.x,Re.y,Re.z);return this}transformDirection(e){for(let t=0,i=this.count;t<i;t++)Re.fromBufferAttribute(this,t),Re.transformDirection(e),this.setXYZ(t,Re.x,Re.y,Re.z);return this}set(e,t=0){return this.array.set(e,t),this}getComponent(e,t){let i=this.array[e*this.itemSize+t];return this.normalized&&(i=xi(i,this.array)),i}setComponent(e,t,i){return this.normalized&&(i=it(i,this.array)),this.array[e*this.itemSize+t]=i,this}getX(e){let t=this.array[e*this.itemSize];return this.normalized&&(t=xi(t,this.array)),t}setX(e,t){return this.normalized&&(t=it(t,this.array)),this.array[e*this.itemSize]=t,this}getY(e){let t=this.array[e*this.itemSize+1];return this.normalized&&(t=xi(t,this.array)),t}setY(e,t){return this.normalized&&(t=it(t,this.array)),this.array[e*this.itemSize+1]=t,this}getZ(e){let t=this.array[e*this.itemSize+2];return this.normalized&&(t=xi(t,this.array)),t}setZ(e,t){return this.normalized&&(t=it(t,this.array)),this.array[e*this.itemSize+2]=t,this}getW(e){let t=this.array[e*this.itemSize+3];return this.normalized&&(t=xi(t,this.array)),t}setW(e,t){return this.normalized&&(t=it(t,this.array)),this.array[e*this.itemSize+3]=t,this}setXY(e,t,i){return e*=this.itemSize,this.normalized&&(t=it(t,this.array),i=it(i,this.array)),this.array[e+0]=t,this.array[e+1]=i,this}setXYZ(e,t,i,n){return e*=this.itemSize,this.normalized&&(t=it(t,this.array),i=it(i,this.array),n=it(n,this.array)),this.array[e+0]=t,this.array[e+1]=i,this.array[e+2]=n,this}setXYZW(e,t,i,n,r){return e*=this.itemSize,this.normalized&&(t=it(t,this.array),i=it(i,this.array),n=it(n,this.array),r=it(r,this.array)),this.array[e+0]=t,this.array[e+1]=i,this.array[e+2]=n,this.array[e+3]=r,this}onUpload(e){return this.onUploadCallback=e,this}clone(){return new this.constructor(this.array,this.itemSize).copy(this)}}class vs extends pi{constructor(e,t,i){super(new Uint16Array(e),t,i)}}class Es extends pi{constructor(e,t,i){super(new Uint32Array(e),t,i)}}class Ve extends pi{constructor(e,t,i){super(new Float32Array(e),t,i)}}let hr=0;const mt=new Ue,gn=new Ge,ui=new U,ht=new Ci,vi=new Ci,Oe=new U;class Ot extends mi{constructor(){super(),this.isBufferGeometry=!0,Object.defineProperty(this,"id",{value:hr++}),this.uuid=bi(),this.name="",this.type="BufferGeometry",this.index=null,this.indirect=null,this.attributes={},this.morphAttributes={},this.morphTargetsRelative=!1,this.groups=[],this.boundingBox=null,this.boundingSphere=null,this.drawRange={start:0,count:1/0},this.userData={}}getIndex(){return this.index}setIndex(e){return Array.isArray(e)?this.index=new(xs(e)?Es:vs)(e,1):this.index=e,this}setIndirect(e){return this.indirect=e,this}getIndirect(){return this.indirect}getAttribute(e){return this.attributes[e]}setAttribute(e,t){return this.attributes[e]=t,this}deleteAttribute(e){return delete this.attributes[e],this}hasAttribute(e){return this.attributes[e]!==void 0}addGroup(e,t,i=0){this.groups.push({start:e,count:t,materialIndex:i})}clearGroups(){this.groups=[]}setDrawRange(e,t){this.drawRange.start=e,this.drawRange.count=t}applyMatrix4(e){const t=this.attributes.position;t!==void 0&&(t.applyMatrix4(e),t.needsUpdate=!0);const i=this.attributes.normal;if(i!==void 0){const r=new he().getNormalMatrix(e);i.applyNormalMatrix(r),i.needsUpdate=!0}const n=this.attributes.tangent;return n!==void 0&&(n.transformDirection(e),n.needsUpdate=!0),this.boundingBox!==null&&this.computeBoundingBox(),this.boundingSphere!==null&&this.computeBoundingSphere(),this}applyQuaternion(e){return mt.makeRotationFromQuaternion(e),this.applyMatrix4(mt),this}rotateX(e){return mt.makeRotationX(e),this.applyMatrix4(mt),this}rotateY(e){return mt.makeRotationY(e),this.applyMatrix4(mt),this}rotateZ(e){return mt.makeRotationZ(e),this.applyMatrix4(mt),this}translate(e,t,i){return mt.makeTranslation(e,t,i),this.applyMatrix4(mt),this}scale(e,t,i){return mt.makeScale(e,t,i),this.applyMatrix4(mt),this}lookAt(e){return gn.lookAt(e),gn.updateMatrix(),this.applyMatrix4(gn.matrix),this}center(){return this.computeBoundingBox(),this.boundingBox.getCenter(ui).negate(),this.translate(ui.x,ui.y,ui.z),this}setFromPoints(e){const t=this.getAttribute("position");if(t===void 0){const i=[];for(let n=0,r=e.length;n<r;n++){const a=e[n];i.push(a.x,a.y,a.z||0)}this.setAttribute("position",new Ve(i,3))}else{const i=Math.min(e.length,t.count);for(let n=0;n<i;n++){const r=e[n];t.setXYZ(n,r.x,r.y,r.z||0)}e.length>t.count&&console.warn("THREE.BufferGeometry: Buffer size too small for points data. Use .dispose() and create a new geometry."),t.needsUpdate=!0}return this}computeBoundingBox(){this.boundingBox===null&&(this.boundingBox=new Ci);const e=this.attributes.position,t=this.morphAttributes.position;if(e&&e.isGLBufferAttribute){console.error("THREE.BufferGeometry.computeBoundingBox(): GLBufferAttribute requires a manual bounding box.",this),this.boundingBox.set(new U(-1/0,-1/0,-1/0),new U(1/0,1/0,1/0));return}if(e!==void 0){if(this.boundingBox.setFromBufferAttribute(e),t)for(let i=0,n=t.length;i<n;i++){const r=t[i];ht.setFromBufferAttribute(r),this.morphTargetsRelative?(Oe.addVectors(this.boundingBox.min,ht.min),this.boundingBox.expandByPoint(Oe),Oe.addVectors(this.boundingBox.max,ht.max),this.boundingBox.expandByPoint(Oe)):(this.boundingBox.expandByPoint(ht.min),this.boundingBox.expandByPoint(ht.max))}}else this.boundingBox.makeEmpty();(isNaN(this.boundingBox.min.x)||isNaN(this.boundingBox.min.y)||isNaN(this.boundingBox.min.z))&&console.error('THREE.BufferGeometry.computeBoundingBox(): Computed min/max have NaN values. The "position" attribute is likely to have NaN values.',this)}computeBoundingSphere(){this.boundingSphere===null&&(this.boundingSphere=new Ms);const e=this.attributes.position,t=this.morphAttributes.position;if(e&&e.isGLBufferAttribute){console.error("THREE.BufferGeometry.computeBoundingSphere(): GLBufferAttribute requires a manual bounding sphere.",this),this.boundingSphere.set(new U,1/0);return}if(e){const i=this.boundingSphere.center;if(ht.setFromBufferAttribute(e),t)for(let r=0,a=t.length;r<a;r++){const o=t[r];vi.setFromBufferAttribute(o),this.morphTargetsRelative?(Oe.addVectors(ht.min,vi.min),ht.expandByPoint(Oe),Oe.addVectors(ht.max,vi.max),ht.expandByPoint(Oe)):(ht.expandByPoint(vi.min),ht.expandByPoint(vi.max))}ht.getCenter(i);let n=0;for(let r=0,a=e.count;r<a;r++)Oe.fromBufferAttribute(e,r),n=Math.max(n,i.distanceToSquared(Oe));if(t)for(let r=0,a=t.length;r<a;r++){const o=t[r],f=this.morphTargetsRelative;for(let l=0,c=o.count;l<c;l++)Oe.fromBufferAttribute(o,l),f&&(ui.fromBufferAttribute(e,l),Oe.add(ui)),n=Math.max(n,i.distanceToSquared(Oe))}this.boundingSphere.radius=Math.sqrt(n),isNaN(this.boundingSphere.radius)&&console.error('THREE.BufferGeometry.computeBoundingSphere(): Computed radius is NaN. The "position" attribute is likely to have NaN values.',this)}}computeTangents(){const e=this.index,t=this.attributes;if(e===null||t.position===void 0||t.normal===void 0||t.uv===void 0){console.error("THREE.BufferGeometry: .computeTangents() failed. Missing required attributes (index, position, normal or uv)");return}const i=t.position,n=t.normal,r=t.uv;this.hasAttribute("tangent")===!1&&this.setAttribute("tangent",new pi(new Float32Array(4*i.count),4));const a=this.getAttribute("tangent"),o=[],f=[];for(let I=0;I<i.count;I++)o[I]=new U,f[I]=new U;const l=new U,c=new U,d=new U,g=new Se,m=new Se,_=new Se,S=new U,u=new U;function h(I,x,M){l.fromBufferAttribute(i,I),c.fromBufferAttribute(i,x),d.fromBufferAttribute(i,M),g.fromBufferAttribute(r,I),m.fromBufferAttribute(r,x),_.fromBufferAttribute(r,M),c.sub(l),d.sub(l),m.sub(g),_.sub(g);const w=1/(m.x*_.y-_.x*m.y);isFinite(w)&&(S.copy(c).multiplyScalar(_.y).addScaledVector(d,-m.y).multiplyScalar(w),u.copy(d).multiplyScalar(m.x).addScaledVector(c,-_.x).multiplyScalar(w),o[I].add(S),o[x].add(S),o[M].add(S),f[I].add(u),f[x].add(u),f[M].add(u))}let C=this.groups;C.length===0&&(C=[{start:0,count:e.count}]);for(let I=0,x=C.length;I<x;++I){const M=C[I],w=M.start,F=M.count;for(let D=w,k=w+F;D<k;D+=3)h(e.getX(D+0),e.getX(D+1),e.getX(D+2))}const b=new U,y=new U,L=new U,O=new U;function N(I){L.fromBufferAttribute(n,I),O.copy(L);const x=o[I];b.copy(x),b.sub(L.multiplyScalar(L.dot(x))).normalize(),y.crossVectors(O,x);const w=y.dot(f[I])<0?-1:1;a.setXYZW(I,b.x,b.y,b.z,w)}for(let I=0,x=C.length;I<x;++I){const M=C[I],w=M.start,F=M.count;for(let D=w,k=w+F;D<k;D+=3)N(e.getX(D+0)),N(e.getX(D+1)),N(e.getX(D+2))}}computeVertexNormals(){const e=this.index,t=this.getAttribute("position");if(t!==void 0){let i=this.getAttribute("normal");if(i===void 0)i=new pi(new Float32Array(t.count*3),3),this.setAttribute("normal",i);else for(let g=0,m=i.count;g<m;g++)i.setXYZ(g,0,0,0);const n=new U,r=new U,a=new U,o=new U,f=new U,l=new U,c=new U,d=new U;if(e)for(let g=0,m=e.count;g<m;g+=3){const _=e.getX(g+0),S=e.getX(g+1),u=e.getX(g+2);n.fromBufferAttribute(t,_),r.fromBufferAttribute(t,S),a.fromBufferAttribute(t,u),c.subVectors(a,r),d.subVectors(n,r),c.cross(d),o.fromBufferAttribute(i,_),f.fromBufferAttribute(i,S),l.fromBufferAttribute(i,u),o.add(c),f.add(c),l.add(c),i.setXYZ(_,o.x,o.y,o.z),i.setXYZ(S,f.x,f.y,f.z),i.setXYZ(u,l.x,l.y,l.z)}else for(let g=0,m=t.count;g<m;g+=3)n.fromBufferAttribute(t,g+0),r.fromBufferAttribute(t,g+1),a.fromBufferAttribute(t,g+2),c.subVectors(a,r),d.subVectors(n,r),c.cross(d),i.setXYZ(g+0,c.x,c.y,c.z),i.setXYZ(g+1,c.x,c.y,c.z),i.setXYZ(g+2,c.x,c.y,c.z);this.normalizeNormals(),i.needsUpdate=!0}}normalizeNormals(){const e=this.attributes.normal;for(let t=0,i=e.count;t<i;t++)Oe.fromBufferAttribute(e,t),Oe.normalize(),e.setXYZ(t,Oe.x,Oe.y,Oe.z)}toNonIndexed(){function e(o,f){const l=o.array,c=o.itemSize,d=o.normalized,g=new l.constructor(f.length*c);let m=0,_=0;for(let S=0,u=f.length;S<u;S++){o.isInterleavedBufferAttribute?m=f[S]*o.data.stride+o.offset:m=f[S]*c;for(let h=0;h<c;h++)g[_++]=l[m++]}return new pi(g,c,d)}if(this.index===null)return console.warn("THREE.BufferGeometry.toNonIndexed(): BufferGeometry is already non-indexed."),this;const t=new Ot,i=this.index.array,n=this.attributes;for(const o in n){const f=n[o],l=e(f,i);t.setAttribute(o,l)}const r=this.morphAttributes;for(const o in r){const f=[],l=r[o];for(let c=0,d=l.length;c<d;c++){const g=l[c],m=e(g,i);f.push(m)}t.morphAttributes[o]=f}t.morphTargetsRelative=this.morphTargetsRelative;const a=this.groups;for(let o=0,f=a.length;o<f;o++){const l=a[o];t.addGroup(l.start,l.count,l.materialIndex)}return t}clone(){return new this.constructor().copy(this)}copy(e){this.index=null,this.attributes={},this.morphAttributes={},this.groups=[],this.boundingBox=null,this.boundingSphere=null;const t={};this.name=e.name;const i=e.index;i!==null&&this.setIndex(i.clone());const n=e.attributes;for(const l in n){const c=n[l];this.setAttribute(l,c.clone(t))}const r=e.morphAttributes;for(const l in r){const c=[],d=r[l];for(let g=0,m=d.length;g<m;g++)c.push(d[g].clone(t));this.morphAttributes[l]=c}this.morphTargetsRelative=e.morphTargetsRelative;const a=e.groups;for(let l=0,c=a.length;l<c;l++){const d=a[l];this.addGroup(d.start,d.count,d.materialIndex)}const o=e.boundingBox;o!==null&&(this.boundingBox=o.clone());const f=e.boundingSphere;return f!==null&&(this.boundingSphere=f.clone()),this.drawRange.start=e.drawRange.start,this.drawRange.count=e.drawRange.count,this.userData=e.userData,this}dispose(){this.dispatchEvent({type:"dispose"})}}const Bi=new U,zi=new U,ki=new U,_n=new U,Hi=new U,qn=new U,Gi=new U;class Yn extends Ge{constructor(e=new Ot,t=new ar){super(),this.isMesh=!0,this.type="Mesh",this.geometry=e,this.material=t,this.morphTargetDictionary=void 0,this.morphTargetInfluences=void 0,this.count=1,this.updateMorphTargets()}copy(e,t){return super.copy(e,t),e.morphTargetInfluences!==void 0&&(this.morphTargetInfluences=e.morphTargetInfluences.slice()),e.morphTargetDictionary!==void 0&&(this.morphTargetDictionary=Object.assign({},e.morphTargetDictionary)),this.material=Array.isArray(e.material)?e.material.slice():e.material,this.geometry=e.geometry,this}updateMorphTargets(){const t=this.geometry.morphAttributes,i=Object.keys(t);if(i.length>0){const n=t[i[0]];if(n!==void 0){this.morphTargetInfluences=[],this.morphTargetDictionary={};for(let r=0,a=n.length;r<a;r++){const o=n[r].name||String(r);this.morphTargetInfluences.push(0),this.morphTargetDictionary[o]=r}}}}getVertexPosition(e,t){const i=this.geometry,n=i.attributes.position,r=i.morphAttributes.position,a=i.morphTargetsRelative;t.fromBufferAttribute(n,e);const o=this.morphTargetInfluences;if(r&&o){Hi.set(0,0,0);for(let f=0,l=r.length;f<l;f++){const c=o[f],d=r[f];c!==0&&(_n.fromBufferAttribute(d,e),a?Hi.addScaledVector(_n,c):Hi.addScaledVector(_n.sub(t),c))}t.add(Hi)}return t}_computeIntersections(e,t,i){let n;const r=this.geometry,a=this.material,o=r.index,f=r.attributes.position,l=r.attributes.uv,c=r.attributes.uv1,d=r.attributes.normal,g=r.groups,m=r.drawRange;if(o!==null)if(Array.isArray(a))for(let _=0,S=g.length;_<S;_++){const u=g[_],h=a[u.materialIndex],C=Math.max(u.start,m.start),b=Math.min(o.count,Math.min(u.start+u.count,m.start+m.count));for(let y=C,L=b;y<L;y+=3){const O=o.getX(y),N=o.getX(y+1),I=o.getX(y+2);n=Vi(this,h,e,i,l,c,d,O,N,I),n&&(n.faceIndex=Math.floor(y/3),n.face.materialIndex=u.materialIndex,t.push(n))}}else{const _=Math.max(0,m.start),S=Math.min(o.count,m.start+m.count);for(let u=_,h=S;u<h;u+=3){const C=o.getX(u),b=o.getX(u+1),y=o.getX(u+2);n=Vi(this,a,e,i,l,c,d,C,b,y),n&&(n.faceIndex=Math.floor(u/3),t.push(n))}}else if(f!==void 0)if(Array.isArray(a))for(let _=0,S=g.length;_<S;_++){const u=g[_],h=a[u.materialIndex],C=Math.max(u.start,m.start),b=Math.min(f.count,Math.min(u.start+u.count,m.start+m.count));for(let y=C,L=b;y<L;y+=3){const O=y,N=y+1,I=y+2;n=Vi(this,h,e,i,l,c,d,O,N,I),n&&(n.faceIndex=Math.floor(y/3),n.face.materialIndex=u.materialIndex,t.push(n))}}else{const _=Math.max(0,m.start),S=Math.min(f.count,m.start+m.count);for(let u=_,h=S;u<h;u+=3){const C=u,b=u+1,y=u+2;n=Vi(this,a,e,i,l,c,d,C,b,y),n&&(n.faceIndex=Math.floor(u/3),t.push(n))}}}}function lr(s,e,t,i,n,r,a,o){let f;if(e.side===1?f=i.intersectTriangle(a,r,n,!0,o):f=i.intersectTriangle(n,r,a,e.side===0,o),f===null)return null;Gi.copy(o),Gi.applyMatrix4(s.matrixWorld);const l=t.ray.origin.distanceTo(Gi);return l<t.near||l>t.far?null:{distance:l,point:Gi.clone(),object:s}}function Vi(s,e,t,i,n,r,a,o,f,l){s.getVertexPosition(o,Bi),s.getVertexPosition(f,zi),s.getVertexPosition(l,ki);const c=lr(s,e,t,i,Bi,zi,ki,qn);if(c){const d=new U;vt.getBarycoord(qn,Bi,zi,ki,d),n&&(c.uv=vt.getInterpolatedAttribute(n,o,f,l,d,new Se)),r&&(c.uv1=vt.getInterpolatedAttribute(r,o,f,l,d,new Se)),a&&(c.normal=vt.getInterpolatedAttribute(a,o,f,l,d,new U),c.normal.dot(i.direction)>0&&c.normal.multiplyScalar(-1));const g={a:o,b:f,c:l,normal:new U,materialIndex:0};vt.getNormal(Bi,zi,ki,g.normal),c.face=g,c.barycoord=d}return c}class An extends Ot{constructor(e=1,t=1,i=1,n=1,r=1,a=1){super(),this.type="BoxGeometry",this.parameters={width:e,height:t,depth:i,widthSegments:n,heightSegments:r,depthSegments:a};const o=this;n=Math.floor(n),r=Math.floor(r),a=Math.floor(a);const f=[],l=[],c=[],d=[];let g=0,m=0;_("z","y","x",-1,-1,i,t,e,a,r,0),_("z","y","x",1,-1,i,t,-e,a,r,1),_("x","z","y",1,1,e,i,t,n,a,2),_("x","z","y",1,-1,e,i,-t,n,a,3),_("x","y","z",1,-1,e,t,i,n,r,4),_("x","y","z",-1,-1,e,t,-i,n,r,5),this.setIndex(f),this.setAttribute("position",new Ve(l,3)),this.setAttribute("normal",new Ve(c,3)),this.setAttribute("uv",new Ve(d,2));function _(S,u,h,C,b,y,L,O,N,I,x){const M=y/N,w=L/I,F=y/2,D=L/2,k=O/2,X=N+1,H=I+1;let Y=0,z=0;const K=new U;for(let J=0;J<H;J++){const ae=J*w-D;for(let ve=0;ve<X;ve++){const Ie=ve*M-F;K[S]=Ie*C,K[u]=ae*b,K[h]=k,l.push(K.x,K.y,K.z),K[S]=0,K[u]=0,K[h]=O>0?1:-1,c.push(K.x,K.y,K.z),d.push(ve/N),d.push(1-J/I),Y+=1}}for(let J=0;J<I;J++)for(let ae=0;ae<N;ae++){const ve=g+ae+X*J,Ie=g+ae+X*(J+1),Ne=g+(ae+1)+X*(J+1),Ee=g+(ae+1)+X*J;f.push(ve,Ie,Ee),f.push(Ie,Ne,Ee),z+=6}o.addGroup(m,z,x),m+=z,g+=Y}}copy(e){return super.copy(e),this.parameters=Object.assign({},e.parameters),this}static fromJSON(e){return new An(e.width,e.height,e.depth,e.widthSegments,e.heightSegments,e.depthSegments)}}function Ti(s){const e={};for(const t in s){e[t]={};for(const i in s[t]){const n=s[t][i];n&&(n.isColor||n.isMatrix3||n.isMatrix4||n.isVector2||n.isVector3||n.isVector4||n.isTexture||n.isQuaternion)?n.isRenderTargetTexture?(console.warn("UniformsUtils: Textures of render targets cannot be cloned via cloneUniforms() or mergeUniforms()."),e[t][i]=null):e[t][i]=n.clone():Array.isArray(n)?e[t][i]=n.slice():e[t][i]=n}}return e}function je(s){const e={};for(let t=0;t<s.length;t++){const i=Ti(s[t]);for(const n in i)e[n]=i[n]}return e}function cr(s){const e=[];for(let t=0;t<s.length;t++)e.push(s[t].clone());return e}function As(s){const e=s.getRenderTarget();return e===null?s.outputColorSpace:e.isXRRenderTarget===!0?e.texture.colorSpace:be.workingColorSpace}const ur={clone:Ti,merge:je},fr=`
void main() {
gl_Position = projectionMatrix * modelViewMatrix * vec4( position, 1.0 );
}
`,dr=`
void main() {
gl_FragColor = vec4( 1.0, 0.0, 0.0, 1.0 );
}
`;class $n extends Zi{constructor(e){super(),this.isShaderMaterial=!0,this.type="ShaderMaterial",this.defines={},this.uniforms={},this.uniformsGroups=[],this.vertexShader=fr,this.fragmentShader=dr,this.linewidth=1,this.wireframe=!1,this.wireframeLinewidth=1,this.fog=!1,this.lights=!1,this.clipping=!1,this.forceSinglePass=!0,this.extensions={clipCullDistance:!1,multiDraw:!1},this.defaultAttributeValues={color:[1,1,1],uv:[0,0],uv1:[0,0]},this.index0AttributeName=void 0,this.uniformsNeedUpdate=!1,this.glslVersion=null,e!==void 0&&this.setValues(e)}copy(e){return super.copy(e),this.fragmentShader=e.fragmentShader,this.vertexShader=e.vertexShader,this.uniforms=Ti(e.uniforms),this.uniformsGroups=cr(e.uniformsGroups),this.defines=Object.assign({},e.defines),this.wireframe=e.wireframe,this.wireframeLinewidth=e.wireframeLinewidth,this.fog=e.fog,this.lights=e.lights,this.clipping=e.clipping,this.extensions=Object.assign({},e.extensions),this.glslVersion=e.glslVersion,this}}class Ts extends Ge{constructor(){super(),this.isCamera=!0,this.type="Camera",this.matrixWorldInverse=new Ue,this.projectionMatrix=new Ue,this.projectionMatrixInverse=new Ue,this.coordinateSystem=2e3,this._reversedDepth=!1}get reversedDepth(){return this._reversedDepth}copy(e,t){return super.copy(e,t),this.matrixWorldInverse.copy(e.matrixWorldInverse),this.projectionMatrix.copy(e.projectionMatrix),this.projectionMatrixInverse.copy(e.projectionMatrixInverse),this.coordinateSystem=e.coordinateSystem,this}getWorldDirection(e){return super.getWorldDirection(e).negate()}updateMatrixWorld(e){super.updateMatrixWorld(e),this.matrixWorldInverse.copy(this.matrixWorld).invert()}updateWorldMatrix(e,t){super.updateWorldMatrix(e,t),this.matrixWorldInverse.copy(this.matrixWorld).invert()}clone(){return new this.constructor().copy(this)}}const Gt=new U,Zn=new Se,Kn=new Se;class Jl extends Ts{constructor(e=50,t=1,i=.1,n=2e3){super(),this.isPerspectiveCamera=!0,this.type="PerspectiveCamera",this.fov=e,this.zoom=1,this.near=i,this.far=n,this.focus=10,this.aspect=t,this.view=null,this.filmGauge=35,this.filmOffset=0,this.updateProjectionMatrix()}copy(e,t){return super.copy(e,t),this.fov=e.fov,this.zoom=e.zoom,this.near=e.near,this.far=e.far,this.focus=e.focus,this.aspect=e.aspect,this.view=e.view===null?null:Object.assign({},e.view),this.filmGauge=e.filmGauge,this.filmOffset=e.filmOffset,this}setFocalLength(e){const t=.5*this.getFilmHeight()/e;this.fov=In*2*Math.atan(t),this.updateProjectionMatrix()}getFocalLength(){const e=Math.tan(ji*.5*this.fov);return .5*this.getFilmHeight()/e}getEffectiveFOV(){return In*2*Math.atan(Math.tan(ji*.5*this.fov)/this.zoom)}getFilmWidth(){return this.filmGauge*Math.min(this.aspect,1)}getFilmHeight(){return this.filmGauge/Math.max(this.aspect,1)}getViewBounds(e,t,i){Gt.set(-1,-1,.5).applyMatrix4(this.projectionMatrixInverse),t.set(Gt.x,Gt.y).multiplyScalar(-e/Gt.z),Gt.set(1,1,.5).applyMatrix4(this.projectionMatrixInverse),i.set(Gt.x,Gt.y).multiplyScalar(-e/Gt.z)}getViewSize(e,t){return this.getViewBounds(e,Zn,Kn),t.subVectors(Kn,Zn)}setViewOffset(e,t,i,n,r,a){this.aspect=e/t,this.view===null&&(this.view={enabled:!0,fullWidth:1,fullHeight:1,offsetX:0,offsetY:0,width:1,height:1}),this.view.enabled=!0,this.view.fullWidth=e,this.view.fullHeight=t,this.view.offsetX=i,this.view.offsetY=n,this.view.width=r,this.view.height=a,this.updateProjectionMatrix()}clearViewOffset(){this.view!==null&&(this.view.enabled=!1),this.updateProjectionMatrix()}updateProjectionMatrix(){const e=this.near;let t=e*Math.tan(ji*.5*this.fov)/this.zoom,i=2*t,n=this.aspect*i,r=-.5*n;const a=this.view;if(this.view!==null&&this.view.enabled){const f=a.fullWidth,l=a.fullHeight;r+=a.offsetX*n/f,t-=a.offsetY*i/l,n*=a.width/f,i*=a.height/l}const o=this.filmOffset;o!==0&&(r+=e*o/this.getFilmWidth()),this.projectionMatrix.makePerspective(r,r+n,t,t-i,e,this.far,this.coordinateSystem,this.reversedDepth),this.projectionMatrixInverse.copy(this.projectionMatrix).invert()}}class pr extends lt{constructor(e=[],t=301,i,n,r,a,o,f,l,c){super(e,t,i,n,r,a,o,f,l,c),this.isCubeTexture=!0,this.flipY=!1}get images(){return this.image}set images(e){this.image=e}}class jl extends Ge{constructor(){super(),this.isGroup=!0,this.type="Group"}}class ec extends Ge{constructor(){super(),this.isScene=!0,this.type="Scene",this.background=null,this.environment=null,this.fog=null,this.backgroundBlurriness=0,this.backgroundIntensity=1,this.backgroundRotation=new bt,this.environmentIntensity=1,this.environmentRotation=new bt,this.overrideMaterial=null,typeof __THREE_DEVTOOLS__<"u"&&__THREE_DEVTOOLS__.dispatchEvent(new CustomEvent("observe",{detail:this}))}copy(e,t){return super.copy(e,t),e.background!==null&&(this.background=e.background.clone()),e.environment!==null&&(this.environment=e.environment.clone()),e.fog!==null&&(this.fog=e.fog.clone()),this.backgroundBlurriness=e.backgroundBlurriness,this.backgroundIntensity=e.backgroundIntensity,this.backgroundRotation.copy(e.backgroundRotation),this.environmentIntensity=e.environmentIntensity,this.environmentRotation.copy(e.environmentRotation),e.overrideMaterial!==null&&(this.overrideMaterial=e.overrideMaterial.clone()),this.matrixAutoUpdate=e.matrixAutoUpdate,this}}const xn=new U,mr=new U,gr=new he;class ti{constructor(e=new U(1,0,0),t=0){this.isPlane=!0,this.normal=e,this.constant=t}set(e,t){return this.normal.copy(e),this.constant=t,this}setComponents(e,t,i,n){return this.normal.set(e,t,i),this.constant=n,this}setFromNormalAndCoplanarPoint(e,t){return this.normal.copy(e),this.constant=-t.dot(this.normal),this}setFromCoplanarPoints(e,t,i){const n=xn.subVectors(i,t).cross(mr.subVectors(e,t)).normalize();return this.setFromNormalAndCoplanarPoint(n,e),this}copy(e){return this.normal.copy(e.normal),this.constant=e.constant,this}normalize(){const e=1/this.normal.length();return this.normal.multiplyScalar(e),this.constant*=e,this}negate(){return this.constant*=-1,this.normal.negate(),this}distanceToPoint(e){return this.normal.dot(e)+this.constant}distanceToSphere(e){return this.distanceToPoint(e.center)-e.radius}projectPoint(e,t){return t.copy(e).addScaledVector(this.normal,-this.distanceToPoint(e))}intersectLine(e,t){const i=e.delta(xn),n=this.normal.dot(i);if(n===0)return this.distanceToPoint(e.start)===0?t.copy(e.start):null;const r=-(e.start.dot(this.normal)+this.constant)/n;return r<0||r>1?null:t.copy(e.start).addScaledVector(i,r)}intersectsLine(e){const t=this.distanceToPoint(e.start),i=this.distanceToPoint(e.end);return t<0&&i>0||i<0&&t>0}intersectsBox(e){return e.intersectsPlane(this)}intersectsSphere(e){return e.intersectsPlane(this)}coplanarPoint(e){return e.copy(this.normal).multiplyScalar(-this.constant)}applyMatrix4(e,t){const i=t||gr.getNormalMatrix(e),n=this.coplanarPoint(xn).applyMatrix4(e),r=this.normal.applyMatrix3(i).normalize();return this.constant=-n.dot(r),this}translate(e){return this.constant-=e.dot(this.normal),this}equals(e){return e.normal.equals(this.normal)&&e.constant===this.constant}clone(){return new this.constructor().copy(this)}}const Jt=new Ms,_r=new Se(.5,.5),Wi=new U;class bs{constructor(e=new ti,t=new ti,i=new ti,n=new ti,r=new ti,a=new ti){this.planes=[e,t,i,n,r,a]}set(e,t,i,n,r,a){const o=this.planes;return o[0].copy(e),o[1].copy(t),o[2].copy(i),o[3].copy(n),o[4].copy(r),o[5].copy(a),this}copy(e){const t=this.planes;for(let i=0;i<6;i++)t[i].copy(e.planes[i]);return this}setFromProjectionMatrix(e,t=2e3,i=!1){const n=this.planes,r=e.elements,a=r[0],o=r[1],f=r[2],l=r[3],c=r[4],d=r[5],g=r[6],m=r[7],_=r[8],S=r[9],u=r[10],h=r[11],C=r[12],b=r[13],y=r[14],L=r[15];if(n[0].setComponents(l-a,m-c,h-_,L-C).normalize(),n[1].setComponents(l+a,m+c,h+_,L+C).normalize(),n[2].setComponents(l+o,m+d,h+S,L+b).normalize(),n[3].setComponents(l-o,m-d,h-S,L-b).normalize(),i)n[4].setComponents(f,g,u,y).normalize(),n[5].setComponents(l-f,m-g,h-u,L-y).normalize();else if(n[4].setComponents(l-f,m-g,h-u,L-y).normalize(),t===2e3)n[5].setComponents(l+f,m+g,h+u,L+y).normalize();else if(t===2001)n[5].setComponents(f,g,u,y).normalize();else throw new Error("THREE.Frustum.setFromProjectionMatrix(): Invalid coordinate system: "+t);return this}intersectsObject(e){if(e.boundingSphere!==void 0)e.boundingSphere===null&&e.computeBoundingSphere(),Jt.copy(e.boundingSphere).applyMatrix4(e.matrixWorld);else{const t=e.geometry;t.boundingSphere===null&&t.computeBoundingSphere(),Jt.copy(t.boundingSphere).applyMatrix4(e.matrixWorld)}return this.intersectsSphere(Jt)}intersectsSprite(e){Jt.center.set(0,0,0);const t=_r.distanceTo(e.center);return Jt.radius=.7071067811865476+t,Jt.applyMatrix4(e.matrixWorld),this.intersectsSphere(Jt)}intersectsSphere(e){const t=this.planes,i=e.center,n=-e.radius;for(let r=0;r<6;r++)if(t[r].distanceToPoint(i)<n)return!1;return!0}intersectsBox(e){const t=this.planes;for(let i=0;i<6;i++){const n=t[i];if(Wi.x=n.normal.x>0?e.max.x:e.min.x,Wi.y=n.normal.y>0?e.max.y:e.min.y,Wi.z=n.normal.z>0?e.max.z:e.min.z,n.distanceToPoint(Wi)<0)return!1}return!0}containsPoint(e){const t=this.planes;for(let i=0;i<6;i++)if(t[i].distanceToPoint(e)<0)return!1;return!0}clone(){return new this.constructor().copy(this)}}class xr extends Zi{constructor(e){super(),this.isLineBasicMaterial=!0,this.type="LineBasicMaterial",this.color=new me(16777215),this.map=null,this.linewidth=1,this.linecap="round",this.linejoin="round",this.fog=!0,this.setValues(e)}copy(e){return super.copy(e),this.color.copy(e.color),this.map=e.map,this.linewidth=e.linewidth,this.linecap=e.linecap,this.linejoin=e.linejoin,this.fog=e.fog,this}}const Qn=new U,Jn=new U;class tc extends Ge{constructor(e=new Ot,t=new xr){super(),this.isLine=!0,this.type="Line",this.geometry=e,this.material=t,this.morphTargetDictionary=void 0,this.morphTargetInfluences=void 0,this.updateMorphTargets()}copy(e,t){return super.copy(e,t),this.material=Array.isArray(e.material)?e.material.slice():e.material,this.geometry=e.geometry,this}computeLineDistances(){const e=this.geometry;if(e.index===null){const t=e.attributes.position,i=[0];for(let n=1,r=t.count;n<r;n++)Qn.fromBufferAttribute(t,n-1),Jn.fromBufferAttribute(t,n),i[n]=i[n-1],i[n]+=Qn.distanceTo(Jn);e.setAttribute("lineDistance",new Ve(i,1))}else console.warn("THREE.Line.computeLineDistances(): Computation only possible with non-indexed BufferGeometry.");return this}updateMorphTargets(){const t=this.geometry.morphAttributes,i=Object.keys(t);if(i.length>0){const n=t[i[0]];if(n!==void 0){this.morphTargetInfluences=[],this.morphTargetDictionary={};for(let r=0,a=n.length;r<a;r++){const o=n[r].name||String(r);this.morphTargetInfluences.push(0),this.morphTargetDictionary[o]=r}}}}}class Mr extends lt{constructor(e,t,i=1014,n,r,a,o=1003,f=1003,l,c=1026,d=1){if(c!==1026&&c!==1027)throw new Error("DepthTexture format must be either THREE.DepthFormat or THREE.DepthStencilFormat");const g={width:e,height:t,depth:d};super(g,n,r,a,o,f,c,i,l),this.isDepthTexture=!0,this.flipY=!1,this.generateMipmaps=!1,this.compareFunction=null}copy(e){return super.copy(e),this.source=new En(Object.assign({},e.image)),this.compareFunction=e.compareFunction,this}}class ws extends Ot{constructor(e=1,t=1,i=4,n=8,r=1){super(),this.type="CapsuleGeometry",this.parameters={radius:e,height:t,capSegments:i,radialSegments:n,heightSegments:r},t=Math.max(0,t),i=Math.max(1,Math.floor(i)),n=Math.max(3,Math.floor(n)),r=Math.max(1,Math.floor(r));const a=[],o=[],f=[],l=[],c=t/2,d=Math.PI/2*e,g=t,m=2*d+g,_=i*2+r,S=n+1,u=new U,h=new U;for(let C=0;C<=_;C++){let b=0,y=0,L=0,O=0;if(C<=i){const x=C/i,M=x*Math.PI/2;y=-c-e*Math.cos(M),L=e*Math.sin(M),O=-e*Math.cos(M),b=x*d}else if(C<=i+r){const x=(C-i)/r;y=-c+x*t,L=e,O=0,b=d+x*g}else{const x=(C-i-r)/i,M=x*Math.PI/2;y=c+e*Math.sin(M),L=e*Math.cos(M),O=e*Math.sin(M),b=d+g+x*d}const N=Math.max(0,Math.min(1,b/m));let I=0;C===0?I=.5/n:C===_&&(I=-.5/n);for(let x=0;x<=n;x++){const M=x/n,w=M*Math.PI*2,F=Math.sin(w),D=Math.cos(w);h.x=-L*D,h.y=y,h.z=L*F,o.push(h.x,h.y,h.z),u.set(-L*D,O,L*F),u.normalize(),f.push(u.x,u.y,u.z),l.push(M+I,N)}if(C>0){const x=(C-1)*S;for(let M=0;M<n;M++){const w=x+M,F=x+M+1,D=C*S+M,k=C*S+M+1;a.push(w,F,D),a.push(F,k,D)}}}this.setIndex(a),this.setAttribute("position",new Ve(o,3)),this.setAttribute("normal",new Ve(f,3)),this.setAttribute("uv",new Ve(l,2))}copy(e){return super.copy(e),this.parameters=Object.assign({},e.parameters),this}static fromJSON(e){return new ws(e.radius,e.height,e.capSegments,e.radialSegments,e.heightSegments)}}class Cs extends Ot{constructor(e=1,t=1,i=1,n=32,r=1,a=!1,o=0,f=Math.PI*2){super(),this.type="CylinderGeometry",this.parameters={radiusTop:e,radiusBottom:t,height:i,radialSegments:n,heightSegments:r,openEnded:a,thetaStart:o,thetaLength:f};const l=this;n=Math.floor(n),r=Math.floor(r);const c=[],d=[],g=[],m=[];let _=0;const S=[],u=i/2;let h=0;C(),a===!1&&(e>0&&b(!0),t>0&&b(!1)),this.setIndex(c),this.setAttribute("position",new Ve(d,3)),this.setAttribute("normal",new Ve(g,3)),this.setAttribute("uv",new Ve(m,2));function C(){const y=new U,L=new U;let O=0;const N=(t-e)/i;for(let I=0;I<=r;I++){const x=[],M=I/r,w=M*(t-e)+e;for(let F=0;F<=n;F++){const D=F/n,k=D*f+o,X=Math.sin(k),H=Math.cos(k);L.x=w*X,L.y=-M*i+u,L.z=w*H,d.push(L.x,L.y,L.z),y.set(X,N,H).normalize(),g.push(y.x,y.y,y.z),m.push(D,1-M),x.push(_++)}S.push(x)}for(let I=0;I<n;I++)for(let x=0;x<r;x++){const M=S[x][I],w=S[x+1][I],F=S[x+1][I+1],D=S[x][I+1];(e>0||x!==0)&&(c.push(M,w,D),O+=3),(t>0||x!==r-1)&&(c.push(w,F,D),O+=3)}l.addGroup(h,O,0),h+=O}function b(y){const L=_,O=new Se,N=new U;let I=0;const x=y===!0?e:t,M=y===!0?1:-1;for(let F=1;F<=n;F++)d.push(0,u*M,0),g.push(0,M,0),m.push(.5,.5),_++;const w=_;for(let F=0;F<=n;F++){const k=F/n*f+o,X=Math.cos(k),H=Math.sin(k);N.x=x*H,N.y=u*M,N.z=x*X,d.push(N.x,N.y,N.z),g.push(0,M,0),O.x=X*.5+.5,O.y=H*.5*M+.5,m.push(O.x,O.y),_++}for(let F=0;F<n;F++){const D=L+F,k=w+F;y===!0?c.push(k,k+1,D):c.push(k+1,k,D),I+=3}l.addGroup(h,I,y===!0?1:2),h+=I}}copy(e){return super.copy(e),this.parameters=Object.assign({},e.parameters),this}static fromJSON(e){return new Cs(e.radiusTop,e.radiusBottom,e.height,e.radialSegments,e.heightSegments,e.openEnded,e.thetaStart,e.thetaLength)}}class Tn extends Ot{constructor(e=1,t=1,i=1,n=1){super(),this.type="PlaneGeometry",this.parameters={width:e,height:t,widthSegments:i,heightSegments:n};const r=e/2,a=t/2,o=Math.floor(i),f=Math.floor(n),l=o+1,c=f+1,d=e/o,g=t/f,m=[],_=[],S=[],u=[];for(let h=0;h<c;h++){const C=h*g-a;for(let b=0;b<l;b++){const y=b*d-r;_.push(y,-C,0),S.push(0,0,1),u.push(b/o),u.push(1-h/f)}}for(let h=0;h<f;h++)for(let C=0;C<o;C++){const b=C+l*h,y=C+l*(h+1),L=C+1+l*(h+1),O=C+1+l*h;m.push(b,y,O),m.push(y,L,O)}this.setIndex(m),this.setAttribute("position",new Ve(_,3)),this.setAttribute("normal",new Ve(S,3)),this.setAttribute("uv",new Ve(u,2))}copy(e){return super.copy(e),this.parameters=Object.assign({},e.parameters),this}static fromJSON(e){return new Tn(e.width,e.height,e.widthSegments,e.heightSegments)}}class Ls extends Ot{constructor(e=1,t=32,i=16,n=0,r=Math.PI*2,a=0,o=Math.PI){super(),this.type="SphereGeometry",this.parameters={radius:e,widthSegments:t,heightSegments:i,phiStart:n,phiLength:r,thetaStart:a,thetaLength:o},t=Math.max(3,Math.floor(t)),i=Math.max(2,Math.floor(i));const f=Math.min(a+o,Math.PI);let l=0;const c=[],d=new U,g=new U,m=[],_=[],S=[],u=[];for(let h=0;h<=i;h++){const C=[],b=h/i;let y=0;h===0&&a===0?y=.5/t:h===i&&f===Math.PI&&(y=-.5/t);for(let L=0;L<=t;L++){const O=L/t;d.x=-e*Math.cos(n+O*r)*Math.sin(a+b*o),d.y=e*Math.cos(a+b*o),d.z=e*Math.sin(n+O*r)*Math.sin(a+b*o),_.push(d.x,d.y,d.z),g.copy(d).normalize(),S.push(g.x,g.y,g.z),u.push(O+y,1-b),C.push(l++)}c.push(C)}for(let h=0;h<i;h++)for(let C=0;C<t;C++){const b=c[h][C+1],y=c[h][C],L=c[h+1][C],O=c[h+1][C+1];(h!==0||a>0)&&m.push(b,y,O),(h!==i-1||f<Math.PI)&&m.push(y,L,O)}this.setIndex(m),this.setAttribute("position",new Ve(_,3)),this.setAttribute("normal",new Ve(S,3)),this.setAttribute("uv",new Ve(u,2))}copy(e){return super.copy(e),this.parameters=Object.assign({},e.parameters),this}static fromJSON(e){return new Ls(e.radius,e.widthSegments,e.heightSegments,e.phiStart,e.phiLength,e.thetaStart,e.thetaLength)}}class ic extends Zi{constructor(e){super(),this.isMeshLambertMaterial=!0,this.type="MeshLambertMaterial",this.color=new me(16777215),this.map=null,this.lightMap=null,this.lightMapIntensity=1,this.aoMap=null,this.aoMapIntensity=1,this.emissive=new me(0),this.emissiveIntensity=1,this.emissiveMap=null,this.bumpMap=null,this.bumpScale=1,this.normalMap=null,this.normalMapType=0,this.normalScale=new Se(1,1),this.displacementMap=null,this.displacementScale=1,this.displacementBias=0,this.specularMap=null,this.alphaMap=null,this.envMap=null,this.envMapRotation=new bt,this.combine=0,this.reflectivity=1,this.refractionRatio=.98,this.wireframe=!1,this.wireframeLinewidth=1,this.wireframeLinecap="round",this.wireframeLinejoin="round",this.flatShading=!1,this.fog=!0,this.setValues(e)}copy(e){return super.copy(e),this.color.copy(e.color),this.map=e.map,this.lightMap=e.lightMap,this.lightMapIntensity=e.lightMapIntensity,this.aoMap=e.aoMap,this.aoMapIntensity=e.aoMapIntensity,this.emissive.copy(e.emissive),this.emissiveMap=e.emissiveMap,this.emissiveIntensity=e.emissiveIntensity,this.bumpMap=e.bumpMap,this.bumpScale=e.bumpScale,this.normalMap=e.normalMap,this.normalMapType=e.normalMapType,this.normalScale.copy(e.normalScale),this.displacementMap=e.displacementMap,this.displacementScale=e.displacementScale,this.displacementBias=e.displacementBias,this.specularMap=e.specularMap,this.alphaMap=e.alphaMap,this.envMap=e.envMap,this.envMapRotation.copy(e.envMapRotation),this.combine=e.combine,this.reflectivity=e.reflectivity,this.refractionRatio=e.refractionRatio,this.wireframe=e.wireframe,this.wireframeLinewidth=e.wireframeLinewidth,this.wireframeLinecap=e.wireframeLinecap,this.wireframeLinejoin=e.wireframeLinejoin,this.flatShading=e.flatShading,this.fog=e.fog,this}}class Ps extends Ge{constructor(e,t=1){super(),this.isLight=!0,this.type="Light",this.color=new me(e),this.intensity=t}dispose(){}copy(e,t){return super.copy(e,t),this.color.copy(e.color),this.intensity=e.intensity,this}}class nc extends Ps{constructor(e,t,i){super(e,i),this.isHemisphereLight=!0,this.type="HemisphereLight",this.position.copy(Ge.DEFAULT_UP),this.updateMatrix(),this.groundColor=new me(t)}copy(e,t){return super.copy(e,t),this.groundColor.copy(e.groundColor),this}}const Mn=new Ue,jn=new U,es=new U;class Sr{constructor(e){this.camera=e,this.intensity=1,this.bias=0,this.normalBias=0,this.radius=1,this.blurSamples=8,this.mapSize=new Se(512,512),this.mapType=1009,this.map=null,this.mapPass=null,this.matrix=new Ue,this.autoUpdate=!0,this.needsUpdate=!1,this._frustum=new bs,this._frameExtents=new Se(1,1),this._viewportCount=1,this._viewports=[new He(0,0,1,1)]}getViewportCount(){return this._viewportCount}getFrustum(){return this._frustum}updateMatrices(e){const t=this.camera,i=this.matrix;jn.setFromMatrixPosition(e.matrixWorld),t.position.copy(jn),es.setFromMatrixPosition(e.target.matrixWorld),t.lookAt(es),t.updateMatrixWorld(),Mn.multiplyMatrices(t.projectionMatrix,t.matrixWorldInverse),this._frustum.setFromProjectionMatrix(Mn,t.coordinateSystem,t.reversedDepth),t.reversedDepth?i.set(.5,0,0,.5,0,.5,0,.5,0,0,1,0,0,0,0,1):i.set(.5,0,0,.5,0,.5,0,.5,0,0,.5,.5,0,0,0,1),i.multiply(Mn)}getViewport(e){return this._viewports[e]}getFrameExtents(){return this._frameExtents}dispose(){this.map&&this.map.dispose(),this.mapPass&&this.mapPass.dispose()}copy(e){return this.camera=e.camera.clone(),this.intensity=e.intensity,this.bias=e.bias,this.radius=e.radius,this.autoUpdate=e.autoUpdate,this.needsUpdate=e.needsUpdate,this.normalBias=e.normalBias,this.blurSamples=e.blurSamples,this.mapSize.copy(e.mapSize),this}clone(){return new this.constructor().copy(this)}}class yr extends Ts{constructor(e=-1,t=1,i=1,n=-1,r=.1,a=2e3){super(),this.isOrthographicCamera=!0,this.type="OrthographicCamera",this.zoom=1,this.view=null,this.left=e,this.right=t,this.top=i,this.bottom=n,this.near=r,this.far=a,this.updateProjectionMatrix()}copy(e,t){return super.copy(e,t),this.left=e.left,this.right=e.right,this.top=e.top,this.bottom=e.bottom,this.near=e.near,this.far=e.far,this.zoom=e.zoom,this.view=e.view===null?null:Object.assign({},e.view),this}setViewOffset(e,t,i,n,r,a){this.view===null&&(this.view={enabled:!0,fullWidth:1,fullHeight:1,offsetX:0,offsetY:0,width:1,height:1}),this.view.enabled=!0,this.view.fullWidth=e,this.view.fullHeight=t,this.view.offsetX=i,this.view.offsetY=n,this.view.width=r,this.view.height=a,this.updateProjectionMatrix()}clearViewOffset(){this.view!==null&&(this.view.enabled=!1),this.updateProjectionMatrix()}updateProjectionMatrix(){const e=(this.right-this.left)/(2*this.zoom),t=(this.top-this.bottom)/(2*this.zoom),i=(this.right+this.left)/2,n=(this.top+this.bottom)/2;let r=i-e,a=i+e,o=n+t,f=n-t;if(this.view!==null&&this.view.enabled){const l=(this.right-this.left)/this.view.fullWidth/this.zoom,c=(this.top-this.bottom)/this.view.fullHeight/this.zoom;r+=l*this.view.offsetX,a=r+l*this.view.width,o-=c*this.view.offsetY,f=o-c*this.view.height}this.projectionMatrix.makeOrthographic(r,a,o,f,this.near,this.far,this.coordinateSystem,this.reversedDepth),this.projectionMatrixInverse.copy(this.projectionMatrix).invert()}}class vr extends Sr{constructor(){super(new yr(-5,5,5,-5,.5,500)),this.isDirectionalLightShadow=!0}}class sc extends Ps{constructor(e,t){super(e,t),this.isDirectionalLight=!0,this.type="DirectionalLight",this.position.copy(Ge.DEFAULT_UP),this.updateMatrix(),this.target=new Ge,this.shadow=new vr}dispose(){this.shadow.dispose()}copy(e){return super.copy(e),this.target=e.target.clone(),this.shadow=e.shadow.clone(),this}}function Er(){let s=null,e=!1,t=null,i=null;function n(r,a){t(r,a),i=s.requestAnimationFrame(n)}return{start:function(){e!==!0&&t!==null&&(i=s.requestAnimationFrame(n),e=!0)},stop:function(){s.cancelAnimationFrame(i),e=!1},setAnimationLoop:function(r){t=r},setContext:function(r){s=r}}}function Ar(s){const e=new WeakMap;function t(o,f){const l=o.array,c=o.usage,d=l.byteLength,g=s.createBuffer();s.bindBuffer(f,g),s.bufferData(f,l,c),o.onUploadCallback();let m;if(l instanceof Float32Array)m=s.FLOAT;else if(typeof Float16Array<"u"&&l instanceof Float16Array)m=s.HALF_FLOAT;else if(l instanceof Uint16Array)o.isFloat16BufferAttribute?m=s.HALF_FLOAT:m=s.UNSIGNED_SHORT;else if(l instanceof Int16Array)m=s.SHORT;else if(l instanceof Uint32Array)m=s.UNSIGNED_INT;else if(l instanceof Int32Array)m=s.INT;else if(l instanceof Int8Array)m=s.BYTE;else if(l instanceof Uint8Array)m=s.UNSIGNED_BYTE;else if(l instanceof Uint8ClampedArray)m=s.UNSIGNED_BYTE;else throw new Error("THREE.WebGLAttributes: Unsupported buffer data format: "+l);return{buffer:g,type:m,bytesPerElement:l.BYTES_PER_ELEMENT,version:o.version,size:d}}function i(o,f,l){const c=f.array,d=f.updateRanges;if(s.bindBuffer(l,o),d.length===0)s.bufferSubData(l,0,c);else{d.sort((m,_)=>m.start-_.start);let g=0;for(let m=1;m<d.length;m++){const _=d[g],S=d[m];S.start<=_.start+_.count+1?_.count=Math.max(_.count,S.start+S.count-_.start):(++g,d[g]=S)}d.length=g+1;for(let m=0,_=d.length;m<_;m++){const S=d[m];s.bufferSubData(l,S.start*c.BYTES_PER_ELEMENT,c,S.start,S.count)}f.clearUpdateRanges()}f.onUploadCallback()}function n(o){return o.isInterleavedBufferAttribute&&(o=o.data),e.get(o)}function r(o){o.isInterleavedBufferAttribute&&(o=o.data);const f=e.get(o);f&&(s.deleteBuffer(f.buffer),e.delete(o))}function a(o,f){if(o.isInterleavedBufferAttribute&&(o=o.data),o.isGLBufferAttribute){const c=e.get(o);(!c||c.version<o.version)&&e.set(o,{buffer:o.buffer,type:o.type,bytesPerElement:o.elementSize,version:o.version});return}const l=e.get(o);if(l===void 0)e.set(o,t(o,f));else if(l.version<o.version){if(l.size!==o.array.byteLength)throw new Error("THREE.WebGLAttributes: The size of the buffer attribute's array buffer does not match the original size. Resizing buffer attributes is not supported.");i(l.buffer,o,f),l.version=o.version}}return{get:n,remove:r,update:a}}const Tr=`
#ifdef USE_ALPHAHASH
if ( diffuseColor.a < getAlphaHashThreshold( vPosition ) ) discard;
#endif
`,br=`
#ifdef USE_ALPHAHASH
/**
* See: https:
*/
const float ALPHA_HASH_SCALE = 0.05;
float hash2D( vec2 value ) {
return fract( 1.0e4 * sin( 17.0 * value.x + 0.1 * value.y ) * ( 0.1 + abs( sin( 13.0 * value.y + value.x ) ) ) );
}
float hash3D( vec3 value ) {
return hash2D( vec2( hash2D( value.xy ), value.z ) );
}
float getAlphaHashThreshold( vec3 position ) {
float maxDeriv = max(
length( dFdx( position.xyz ) ),
length( dFdy( position.xyz ) )
);
float pixScale = 1.0 / ( ALPHA_HASH_SCALE * maxDeriv );
vec2 pixScales = vec2(
exp2( floor( log2( pixScale ) ) ),
exp2( ceil( log2( pixScale ) ) )
);
vec2 alpha = vec2(
hash3D( floor( pixScales.x * position.xyz ) ),
hash3D( floor( pixScales.y * position.xyz ) )
);
float lerpFactor = fract( log2( pixScale ) );
float x = ( 1.0 - lerpFactor ) * alpha.x + lerpFactor * alpha.y;
float a = min( lerpFactor, 1.0 - lerpFactor );
vec3 cases = vec3(
x * x / ( 2.0 * a * ( 1.0 - a ) ),
( x - 0.5 * a ) / ( 1.0 - a ),
1.0 - ( ( 1.0 - x ) * ( 1.0 - x ) / ( 2.0 * a * ( 1.0 - a ) ) )
);
float threshold = ( x < ( 1.0 - a ) )
? ( ( x < a ) ? cases.x : cases.y )
: cases.z;
return clamp( threshold , 1.0e-6, 1.0 );
}
#endif
`,wr=`
#ifdef USE_ALPHAMAP
diffuseColor.a *= texture2D( alphaMap, vAlphaMapUv ).g;
#endif
`,Cr=`
#ifdef USE_ALPHAMAP
uniform sampler2D alphaMap;
#endif
`,Lr=`
#ifdef USE_ALPHATEST
#ifdef ALPHA_TO_COVERAGE
diffuseColor.a = smoothstep( alphaTest, alphaTest + fwidth( diffuseColor.a ), diffuseColor.a );
if ( diffuseColor.a == 0.0 ) discard;
#else
if ( diffuseColor.a < alphaTest ) discard;
#endif
#endif
`,Pr=`
#ifdef USE_ALPHATEST
uniform float alphaTest;
#endif
`,Rr=`
#ifdef USE_AOMAP
float ambientOcclusion = ( texture2D( aoMap, vAoMapUv ).r - 1.0 ) * aoMapIntensity + 1.0;
reflectedLight.indirectDiffuse *= ambientOcclusion;
#if defined( USE_CLEARCOAT ) 
clearcoatSpecularIndirect *= ambientOcclusion;
#endif
#if defined( USE_SHEEN ) 
sheenSpecularIndirect *= ambientOcclusion;
#endif
#if defined( USE_ENVMAP ) && defined( STANDARD )
float dotNV = saturate( dot( geometryNormal, geometryViewDir ) );
reflectedLight.indirectSpecular *= computeSpecularOcclusion( dotNV, ambientOcclusion, material.roughness );
#endif
#endif
`,Ur=`
#ifdef USE_AOMAP
uniform sampler2D aoMap;
uniform float aoMapIntensity;
#endif
`,Ir=`
#ifdef USE_BATCHING
#if ! defined( GL_ANGLE_multi_draw )
#define gl_DrawID _gl_DrawID
uniform int _gl_DrawID;
#endif
uniform highp sampler2D batchingTexture;
uniform highp usampler2D batchingIdTexture;
mat4 getBatchingMatrix( const in float i ) {
int size = textureSize( batchingTexture, 0 ).x;
int j = int( i ) * 4;
int x = j % size;
int y = j / size;
vec4 v1 = texelFetch( batchingTexture, ivec2( x, y ), 0 );
vec4 v2 = texelFetch( batchingTexture, ivec2( x + 1, y ), 0 );
vec4 v3 = texelFetch( batchingTexture, ivec2( x + 2, y ), 0 );
vec4 v4 = texelFetch( batchingTexture, ivec2( x + 3, y ), 0 );
return mat4( v1, v2, v3, v4 );
}
float getIndirectIndex( const in int i ) {
int size = textureSize( batchingIdTexture, 0 ).x;
int x = i % size;
int y = i / size;
return float( texelFetch( batchingIdTexture, ivec2( x, y ), 0 ).r );
}
#endif
#ifdef USE_BATCHING_COLOR
uniform sampler2D batchingColorTexture;
vec3 getBatchingColor( const in float i ) {
int size = textureSize( batchingColorTexture, 0 ).x;
int j = int( i );
int x = j % size;
int y = j / size;
return texelFetch( batchingColorTexture, ivec2( x, y ), 0 ).rgb;
}
#endif
`,Dr=`
#ifdef USE_BATCHING
mat4 batchingMatrix = getBatchingMatrix( getIndirectIndex( gl_DrawID ) );
#endif
`,Fr=`
vec3 transformed = vec3( position );
#ifdef USE_ALPHAHASH
vPosition = vec3( position );
#endif
`,Nr=`
vec3 objectNormal = vec3( normal );
#ifdef USE_TANGENT
vec3 objectTangent = vec3( tangent.xyz );
#endif
`,Or="",Br="",zr="",kr=`
#if NUM_CLIPPING_PLANES > 0
vec4 plane;
#ifdef ALPHA_TO_COVERAGE
float distanceToPlane, distanceGradient;
float clipOpacity = 1.0;
#pragma unroll_loop_start
for ( int i = 0; i < UNION_CLIPPING_PLANES; i ++ ) {
plane = clippingPlanes[ i ];
distanceToPlane = - dot( vClipPosition, plane.xyz ) + plane.w;
distanceGradient = fwidth( distanceToPlane ) / 2.0;
clipOpacity *= smoothstep( - distanceGradient, distanceGradient, distanceToPlane );
if ( clipOpacity == 0.0 ) discard;
}
#pragma unroll_loop_end
#if UNION_CLIPPING_PLANES < NUM_CLIPPING_PLANES
float unionClipOpacity = 1.0;
#pragma unroll_loop_start
for ( int i = UNION_CLIPPING_PLANES; i < NUM_CLIPPING_PLANES; i ++ ) {
plane = clippingPlanes[ i ];
distanceToPlane = - dot( vClipPosition, plane.xyz ) + plane.w;
distanceGradient = fwidth( distanceToPlane ) / 2.0;
unionClipOpacity *= 1.0 - smoothstep( - distanceGradient, distanceGradient, distanceToPlane );
}
#pragma unroll_loop_end
clipOpacity *= 1.0 - unionClipOpacity;
#endif
diffuseColor.a *= clipOpacity;
if ( diffuseColor.a == 0.0 ) discard;
#else
#pragma unroll_loop_start
for ( int i = 0; i < UNION_CLIPPING_PLANES; i ++ ) {
plane = clippingPlanes[ i ];
if ( dot( vClipPosition, plane.xyz ) > plane.w ) discard;
}
#pragma unroll_loop_end
#if UNION_CLIPPING_PLANES < NUM_CLIPPING_PLANES
bool clipped = true;
#pragma unroll_loop_start
for ( int i = UNION_CLIPPING_PLANES; i < NUM_CLIPPING_PLANES; i ++ ) {
plane = clippingPlanes[ i ];
clipped = ( dot( vClipPosition, plane.xyz ) > plane.w ) && clipped;
}
#pragma unroll_loop_end
if ( clipped ) discard;
#endif
#endif
#endif
`,Hr=`
#if NUM_CLIPPING_PLANES > 0
varying vec3 vClipPosition;
uniform vec4 clippingPlanes[ NUM_CLIPPING_PLANES ];
#endif
`,Gr=`
#if NUM_CLIPPING_PLANES > 0
varying vec3 vClipPosition;
#endif
`,Vr=`
#if NUM_CLIPPING_PLANES > 0
vClipPosition = - mvPosition.xyz;
#endif
`,Wr=`
#if defined( USE_COLOR_ALPHA )
diffuseColor *= vColor;
#elif defined( USE_COLOR )
diffuseColor.rgb *= vColor;
#endif
`,Xr=`
#if defined( USE_COLOR_ALPHA )
varying vec4 vColor;
#elif defined( USE_COLOR )
varying vec3 vColor;
#endif
`,qr=`
#if defined( USE_COLOR_ALPHA )
varying vec4 vColor;
#elif defined( USE_COLOR ) || defined( USE_INSTANCING_COLOR ) || defined( USE_BATCHING_COLOR )
varying vec3 vColor;
#endif
`,Yr=`
#if defined( USE_COLOR_ALPHA )
vColor = vec4( 1.0 );
#elif defined( USE_COLOR ) || defined( USE_INSTANCING_COLOR ) || defined( USE_BATCHING_COLOR )
vColor = vec3( 1.0 );
#endif
#ifdef USE_COLOR
vColor *= color;
#endif
#ifdef USE_INSTANCING_COLOR
vColor.xyz *= instanceColor.xyz;
#endif
#ifdef USE_BATCHING_COLOR
vec3 batchingColor = getBatchingColor( getIndirectIndex( gl_DrawID ) );
vColor.xyz *= batchingColor.xyz;
#endif
`,$r=`
#define PI 3.141592653589793
#define PI2 6.283185307179586
#define PI_HALF 1.5707963267948966
#define RECIPROCAL_PI 0.3183098861837907
#define RECIPROCAL_PI2 0.15915494309189535
#define EPSILON 1e-6
#ifndef saturate
#define saturate( a ) clamp( a, 0.0, 1.0 )
#endif
#define whiteComplement( a ) ( 1.0 - saturate( a ) )
float pow2( const in float x ) { return x*x; }
vec3 pow2( const in vec3 x ) { return x*x; }
float pow3( const in float x ) { return x*x*x; }
float pow4( const in float x ) { float x2 = x*x; return x2*x2; }
float max3( const in vec3 v ) { return max( max( v.x, v.y ), v.z ); }
float average( const in vec3 v ) { return dot( v, vec3( 0.3333333 ) ); }
highp float rand( const in vec2 uv ) {
const highp float a = 12.9898, b = 78.233, c = 43758.5453;
highp float dt = dot( uv.xy, vec2( a,b ) ), sn = mod( dt, PI );
return fract( sin( sn ) * c );
}
#ifdef HIGH_PRECISION
float precisionSafeLength( vec3 v ) { return length( v ); }
#else
float precisionSafeLength( vec3 v ) {
float maxComponent = max3( abs( v ) );
return length( v / maxComponent ) * maxComponent;
}
#endif
struct IncidentLight {
vec3 color;
vec3 direction;
bool visible;
};
struct ReflectedLight {
vec3 directDiffuse;
vec3 directSpecular;
vec3 indirectDiffuse;
vec3 indirectSpecular;
};
#ifdef USE_ALPHAHASH
varying vec3 vPosition;
#endif
vec3 transformDirection( in vec3 dir, in mat4 matrix ) {
return normalize( ( matrix * vec4( dir, 0.0 ) ).xyz );
}
vec3 inverseTransformDirection( in vec3 dir, in mat4 matrix ) {
return normalize( ( vec4( dir, 0.0 ) * matrix ).xyz );
}
mat3 transposeMat3( const in mat3 m ) {
mat3 tmp;
tmp[ 0 ] = vec3( m[ 0 ].x, m[ 1 ].x, m[ 2 ].x );
tmp[ 1 ] = vec3( m[ 0 ].y, m[ 1 ].y, m[ 2 ].y );
tmp[ 2 ] = vec3( m[ 0 ].z, m[ 1 ].z, m[ 2 ].z );
return tmp;
}
bool isPerspectiveMatrix( mat4 m ) {
return m[ 2 ][ 3 ] == - 1.0;
}
vec2 equirectUv( in vec3 dir ) {
float u = atan( dir.z, dir.x ) * RECIPROCAL_PI2 + 0.5;
float v = asin( clamp( dir.y, - 1.0, 1.0 ) ) * RECIPROCAL_PI + 0.5;
return vec2( u, v );
}
vec3 BRDF_Lambert( const in vec3 diffuseColor ) {
return RECIPROCAL_PI * diffuseColor;
}
vec3 F_Schlick( const in vec3 f0, const in float f90, const in float dotVH ) {
float fresnel = exp2( ( - 5.55473 * dotVH - 6.98316 ) * dotVH );
return f0 * ( 1.0 - fresnel ) + ( f90 * fresnel );
}
float F_Schlick( const in float f0, const in float f90, const in float dotVH ) {
float fresnel = exp2( ( - 5.55473 * dotVH - 6.98316 ) * dotVH );
return f0 * ( 1.0 - fresnel ) + ( f90 * fresnel );
}
`,Zr="",Kr=`
vec3 transformedNormal = objectNormal;
#ifdef USE_TANGENT
vec3 transformedTangent = objectTangent;
#endif
#ifdef USE_BATCHING
mat3 bm = mat3( batchingMatrix );
transformedNormal /= vec3( dot( bm[ 0 ], bm[ 0 ] ), dot( bm[ 1 ], bm[ 1 ] ), dot( bm[ 2 ], bm[ 2 ] ) );
transformedNormal = bm * transformedNormal;
#ifdef USE_TANGENT
transformedTangent = bm * transformedTangent;
#endif
#endif
#ifdef USE_INSTANCING
mat3 im = mat3( instanceMatrix );
transformedNormal /= vec3( dot( im[ 0 ], im[ 0 ] ), dot( im[ 1 ], im[ 1 ] ), dot( im[ 2 ], im[ 2 ] ) );
transformedNormal = im * transformedNormal;
#ifdef USE_TANGENT
transformedTangent = im * transformedTangent;
#endif
#endif
transformedNormal = normalMatrix * transformedNormal;
#ifdef FLIP_SIDED
transformedNormal = - transformedNormal;
#endif
#ifdef USE_TANGENT
transformedTangent = ( modelViewMatrix * vec4( transformedTangent, 0.0 ) ).xyz;
#ifdef FLIP_SIDED
transformedTangent = - transformedTangent;
#endif
#endif
`,Qr="",Jr="",jr=`
#ifdef USE_EMISSIVEMAP
vec4 emissiveColor = texture2D( emissiveMap, vEmissiveMapUv );
#ifdef DECODE_VIDEO_TEXTURE_EMISSIVE
emissiveColor = sRGBTransferEOTF( emissiveColor );
#endif
totalEmissiveRadiance *= emissiveColor.rgb;
#endif
`,ea=`
#ifdef USE_EMISSIVEMAP
uniform sampler2D emissiveMap;
#endif
`,ta=`
gl_FragColor = linearToOutputTexel( gl_FragColor );
`,ia=`
vec4 LinearTransferOETF( in vec4 value ) {
return value;
}
vec4 sRGBTransferEOTF( in vec4 value ) {
return vec4( mix( pow( value.rgb * 0.9478672986 + vec3( 0.0521327014 ), vec3( 2.4 ) ), value.rgb * 0.0773993808, vec3( lessThanEqual( value.rgb, vec3( 0.04045 ) ) ) ), value.a );
}
vec4 sRGBTransferOETF( in vec4 value ) {
return vec4( mix( pow( value.rgb, vec3( 0.41666 ) ) * 1.055 - vec3( 0.055 ), value.rgb * 12.92, vec3( lessThanEqual( value.rgb, vec3( 0.0031308 ) ) ) ), value.a );
}
`,na="",sa="",ra="",aa="",oa="",ha=`
#ifdef USE_FOG
vFogDepth = - mvPosition.z;
#endif
`,la=`
#ifdef USE_FOG
varying float vFogDepth;
#endif
`,ca=`
#ifdef USE_FOG
#ifdef FOG_EXP2
float fogFactor = 1.0 - exp( - fogDensity * fogDensity * vFogDepth * vFogDepth );
#else
float fogFactor = smoothstep( fogNear, fogFar, vFogDepth );
#endif
gl_FragColor.rgb = mix( gl_FragColor.rgb, fogColor, fogFactor );
#endif
`,ua=`
#ifdef USE_FOG
uniform vec3 fogColor;
varying float vFogDepth;
#ifdef FOG_EXP2
uniform float fogDensity;
#else
uniform float fogNear;
uniform float fogFar;
#endif
#endif
`,fa="",da=`
#ifdef USE_LIGHTMAP
uniform sampler2D lightMap;
uniform float lightMapIntensity;
#endif
`,pa=`
LambertMaterial material;
material.diffuseColor = diffuseColor.rgb;
material.specularStrength = specularStrength;
`,ma=`
varying vec3 vViewPosition;
struct LambertMaterial {
vec3 diffuseColor;
float specularStrength;
};
void RE_Direct_Lambert( const in IncidentLight directLight, const in vec3 geometryPosition, const in vec3 geometryNormal, const in vec3 geometryViewDir, const in vec3 geometryClearcoatNormal, const in LambertMaterial material, inout ReflectedLight reflectedLight ) {
float dotNL = saturate( dot( geometryNormal, directLight.direction ) );
vec3 irradiance = dotNL * directLight.color;
reflectedLight.directDiffuse += irradiance * BRDF_Lambert( material.diffuseColor );
}
void RE_IndirectDiffuse_Lambert( const in vec3 irradiance, const in vec3 geometryPosition, const in vec3 geometryNormal, const in vec3 geometryViewDir, const in vec3 geometryClearcoatNormal, const in LambertMaterial material, inout ReflectedLight reflectedLight ) {
reflectedLight.indirectDiffuse += irradiance * BRDF_Lambert( material.diffuseColor );
}
#define RE_Direct				RE_Direct_Lambert
#define RE_IndirectDiffuse		RE_IndirectDiffuse_Lambert
`,ga=`
uniform bool receiveShadow;
uniform vec3 ambientLightColor;
#if defined( USE_LIGHT_PROBES )
uniform vec3 lightProbe[ 9 ];
#endif
vec3 shGetIrradianceAt( in vec3 normal, in vec3 shCoefficients[ 9 ] ) {
float x = normal.x, y = normal.y, z = normal.z;
vec3 result = shCoefficients[ 0 ] * 0.886227;
result += shCoefficients[ 1 ] * 2.0 * 0.511664 * y;
result += shCoefficients[ 2 ] * 2.0 * 0.511664 * z;
result += shCoefficients[ 3 ] * 2.0 * 0.511664 * x;
result += shCoefficients[ 4 ] * 2.0 * 0.429043 * x * y;
result += shCoefficients[ 5 ] * 2.0 * 0.429043 * y * z;
result += shCoefficients[ 6 ] * ( 0.743125 * z * z - 0.247708 );
result += shCoefficients[ 7 ] * 2.0 * 0.429043 * x * z;
result += shCoefficients[ 8 ] * 0.429043 * ( x * x - y * y );
return result;
}
vec3 getLightProbeIrradiance( const in vec3 lightProbe[ 9 ], const in vec3 normal ) {
vec3 worldNormal = inverseTransformDirection( normal, viewMatrix );
vec3 irradiance = shGetIrradianceAt( worldNormal, lightProbe );
return irradiance;
}
vec3 getAmbientLightIrradiance( const in vec3 ambientLightColor ) {
vec3 irradiance = ambientLightColor;
return irradiance;
}
float getDistanceAttenuation( const in float lightDistance, const in float cutoffDistance, const in float decayExponent ) {
float distanceFalloff = 1.0 / max( pow( lightDistance, decayExponent ), 0.01 );
if ( cutoffDistance > 0.0 ) {
distanceFalloff *= pow2( saturate( 1.0 - pow4( lightDistance / cutoffDistance ) ) );
}
return distanceFalloff;
}
float getSpotAttenuation( const in float coneCosine, const in float penumbraCosine, const in float angleCosine ) {
return smoothstep( coneCosine, penumbraCosine, angleCosine );
}
#if NUM_DIR_LIGHTS > 0
struct DirectionalLight {
vec3 direction;
vec3 color;
};
uniform DirectionalLight directionalLights[ NUM_DIR_LIGHTS ];
void getDirectionalLightInfo( const in DirectionalLight directionalLight, out IncidentLight light ) {
light.color = directionalLight.color;
light.direction = directionalLight.direction;
light.visible = true;
}
#endif
#if NUM_POINT_LIGHTS > 0
struct PointLight {
vec3 position;
vec3 color;
float distance;
float decay;
};
uniform PointLight pointLights[ NUM_POINT_LIGHTS ];
void getPointLightInfo( const in PointLight pointLight, const in vec3 geometryPosition, out IncidentLight light ) {
vec3 lVector = pointLight.position - geometryPosition;
light.direction = normalize( lVector );
float lightDistance = length( lVector );
light.color = pointLight.color;
light.color *= getDistanceAttenuation( lightDistance, pointLight.distance, pointLight.decay );
light.visible = ( light.color != vec3( 0.0 ) );
}
#endif
#if NUM_SPOT_LIGHTS > 0
struct SpotLight {
vec3 position;
vec3 direction;
vec3 color;
float distance;
float decay;
float coneCos;
float penumbraCos;
};
uniform SpotLight spotLights[ NUM_SPOT_LIGHTS ];
void getSpotLightInfo( const in SpotLight spotLight, const in vec3 geometryPosition, out IncidentLight light ) {
vec3 lVector = spotLight.position - geometryPosition;
light.direction = normalize( lVector );
float angleCos = dot( light.direction, spotLight.direction );
float spotAttenuation = getSpotAttenuation( spotLight.coneCos, spotLight.penumbraCos, angleCos );
if ( spotAttenuation > 0.0 ) {
float lightDistance = length( lVector );
light.color = spotLight.color * spotAttenuation;
light.color *= getDistanceAttenuation( lightDistance, spotLight.distance, spotLight.decay );
light.visible = ( light.color != vec3( 0.0 ) );
} else {
light.color = vec3( 0.0 );
light.visible = false;
}
}
#endif
#if NUM_RECT_AREA_LIGHTS > 0
struct RectAreaLight {
vec3 color;
vec3 position;
vec3 halfWidth;
vec3 halfHeight;
};
uniform sampler2D ltc_1;
uniform sampler2D ltc_2;
uniform RectAreaLight rectAreaLights[ NUM_RECT_AREA_LIGHTS ];
#endif
#if NUM_HEMI_LIGHTS > 0
struct HemisphereLight {
vec3 direction;
vec3 skyColor;
vec3 groundColor;
};
uniform HemisphereLight hemisphereLights[ NUM_HEMI_LIGHTS ];
vec3 getHemisphereLightIrradiance( const in HemisphereLight hemiLight, const in vec3 normal ) {
float dotNL = dot( normal, hemiLight.direction );
float hemiDiffuseWeight = 0.5 * dotNL + 0.5;
vec3 irradiance = mix( hemiLight.groundColor, hemiLight.skyColor, hemiDiffuseWeight );
return irradiance;
}
#endif
`,_a="",xa="",Ma="",Sa="",ya="",va="",Ea="",Aa=`
/**
* This is a template that can be used to light a material, it uses pluggable
* RenderEquations (RE)for specific lighting scenarios.
*
* Instructions for use:
* - Ensure that both RE_Direct, RE_IndirectDiffuse and RE_IndirectSpecular are defined
* - Create a material parameter that is to be passed as the third parameter to your lighting functions.
*
* TODO:
* - Add area light support.
* - Add sphere light support.
* - Add diffuse light probe (irradiance cubemap) support.
*/
vec3 geometryPosition = - vViewPosition;
vec3 geometryNormal = normal;
vec3 geometryViewDir = ( isOrthographic ) ? vec3( 0, 0, 1 ) : normalize( vViewPosition );
vec3 geometryClearcoatNormal = vec3( 0.0 );
#ifdef USE_CLEARCOAT
geometryClearcoatNormal = clearcoatNormal;
#endif
#ifdef USE_IRIDESCENCE
float dotNVi = saturate( dot( normal, geometryViewDir ) );
if ( material.iridescenceThickness == 0.0 ) {
material.iridescence = 0.0;
} else {
material.iridescence = saturate( material.iridescence );
}
if ( material.iridescence > 0.0 ) {
material.iridescenceFresnel = evalIridescence( 1.0, material.iridescenceIOR, dotNVi, material.iridescenceThickness, material.specularColor );
material.iridescenceF0 = Schlick_to_F0( material.iridescenceFresnel, 1.0, dotNVi );
}
#endif
IncidentLight directLight;
#if ( NUM_POINT_LIGHTS > 0 ) && defined( RE_Direct )
PointLight pointLight;
#if defined( USE_SHADOWMAP ) && NUM_POINT_LIGHT_SHADOWS > 0
PointLightShadow pointLightShadow;
#endif
#pragma unroll_loop_start
for ( int i = 0; i < NUM_POINT_LIGHTS; i ++ ) {
pointLight = pointLights[ i ];
getPointLightInfo( pointLight, geometryPosition, directLight );
#if defined( USE_SHADOWMAP ) && ( UNROLLED_LOOP_INDEX < NUM_POINT_LIGHT_SHADOWS )
pointLightShadow = pointLightShadows[ i ];
directLight.color *= ( directLight.visible && receiveShadow ) ? getPointShadow( pointShadowMap[ i ], pointLightShadow.shadowMapSize, pointLightShadow.shadowIntensity, pointLightShadow.shadowBias, pointLightShadow.shadowRadius, vPointShadowCoord[ i ], pointLightShadow.shadowCameraNear, pointLightShadow.shadowCameraFar ) : 1.0;
#endif
RE_Direct( directLight, geometryPosition, geometryNormal, geometryViewDir, geometryClearcoatNormal, material, reflectedLight );
}
#pragma unroll_loop_end
#endif
#if ( NUM_SPOT_LIGHTS > 0 ) && defined( RE_Direct )
SpotLight spotLight;
vec4 spotColor;
vec3 spotLightCoord;
bool inSpotLightMap;
#if defined( USE_SHADOWMAP ) && NUM_SPOT_LIGHT_SHADOWS > 0
SpotLightShadow spotLightShadow;
#endif
#pragma unroll_loop_start
for ( int i = 0; i < NUM_SPOT_LIGHTS; i ++ ) {
spotLight = spotLights[ i ];
getSpotLightInfo( spotLight, geometryPosition, directLight );
#if ( UNROLLED_LOOP_INDEX < NUM_SPOT_LIGHT_SHADOWS_WITH_MAPS )
#define SPOT_LIGHT_MAP_INDEX UNROLLED_LOOP_INDEX
#elif ( UNROLLED_LOOP_INDEX < NUM_SPOT_LIGHT_SHADOWS )
#define SPOT_LIGHT_MAP_INDEX NUM_SPOT_LIGHT_MAPS
#else
#define SPOT_LIGHT_MAP_INDEX ( UNROLLED_LOOP_INDEX - NUM_SPOT_LIGHT_SHADOWS + NUM_SPOT_LIGHT_SHADOWS_WITH_MAPS )
#endif
#if ( SPOT_LIGHT_MAP_INDEX < NUM_SPOT_LIGHT_MAPS )
spotLightCoord = vSpotLightCoord[ i ].xyz / vSpotLightCoord[ i ].w;
inSpotLightMap = all( lessThan( abs( spotLightCoord * 2. - 1. ), vec3( 1.0 ) ) );
spotColor = texture2D( spotLightMap[ SPOT_LIGHT_MAP_INDEX ], spotLightCoord.xy );
directLight.color = inSpotLightMap ? directLight.color * spotColor.rgb : directLight.color;
#endif
#undef SPOT_LIGHT_MAP_INDEX
#if defined( USE_SHADOWMAP ) && ( UNROLLED_LOOP_INDEX < NUM_SPOT_LIGHT_SHADOWS )
spotLightShadow = spotLightShadows[ i ];
directLight.color *= ( directLight.visible && receiveShadow ) ? getShadow( spotShadowMap[ i ], spotLightShadow.shadowMapSize, spotLightShadow.shadowIntensity, spotLightShadow.shadowBias, spotLightShadow.shadowRadius, vSpotLightCoord[ i ] ) : 1.0;
#endif
RE_Direct( directLight, geometryPosition, geometryNormal, geometryViewDir, geometryClearcoatNormal, material, reflectedLight );
}
#pragma unroll_loop_end
#endif
#if ( NUM_DIR_LIGHTS > 0 ) && defined( RE_Direct )
DirectionalLight directionalLight;
#if defined( USE_SHADOWMAP ) && NUM_DIR_LIGHT_SHADOWS > 0
DirectionalLightShadow directionalLightShadow;
#endif
#pragma unroll_loop_start
for ( int i = 0; i < NUM_DIR_LIGHTS; i ++ ) {
directionalLight = directionalLights[ i ];
getDirectionalLightInfo( directionalLight, directLight );
#if defined( USE_SHADOWMAP ) && ( UNROLLED_LOOP_INDEX < NUM_DIR_LIGHT_SHADOWS )
directionalLightShadow = directionalLightShadows[ i ];
directLight.color *= ( directLight.visible && receiveShadow ) ? getShadow( directionalShadowMap[ i ], directionalLightShadow.shadowMapSize, directionalLightShadow.shadowIntensity, directionalLightShadow.shadowBias, directionalLightShadow.shadowRadius, vDirectionalShadowCoord[ i ] ) : 1.0;
#endif
RE_Direct( directLight, geometryPosition, geometryNormal, geometryViewDir, geometryClearcoatNormal, material, reflectedLight );
}
#pragma unroll_loop_end
#endif
#if ( NUM_RECT_AREA_LIGHTS > 0 ) && defined( RE_Direct_RectArea )
RectAreaLight rectAreaLight;
#pragma unroll_loop_start
for ( int i = 0; i < NUM_RECT_AREA_LIGHTS; i ++ ) {
rectAreaLight = rectAreaLights[ i ];
RE_Direct_RectArea( rectAreaLight, geometryPosition, geometryNormal, geometryViewDir, geometryClearcoatNormal, material, reflectedLight );
}
#pragma unroll_loop_end
#endif
#if defined( RE_IndirectDiffuse )
vec3 iblIrradiance = vec3( 0.0 );
vec3 irradiance = getAmbientLightIrradiance( ambientLightColor );
#if defined( USE_LIGHT_PROBES )
irradiance += getLightProbeIrradiance( lightProbe, geometryNormal );
#endif
#if ( NUM_HEMI_LIGHTS > 0 )
#pragma unroll_loop_start
for ( int i = 0; i < NUM_HEMI_LIGHTS; i ++ ) {
irradiance += getHemisphereLightIrradiance( hemisphereLights[ i ], geometryNormal );
}
#pragma unroll_loop_end
#endif
#endif
#if defined( RE_IndirectSpecular )
vec3 radiance = vec3( 0.0 );
vec3 clearcoatRadiance = vec3( 0.0 );
#endif
`,Ta=`
#if defined( RE_IndirectDiffuse )
#ifdef USE_LIGHTMAP
vec4 lightMapTexel = texture2D( lightMap, vLightMapUv );
vec3 lightMapIrradiance = lightMapTexel.rgb * lightMapIntensity;
irradiance += lightMapIrradiance;
#endif
#if defined( USE_ENVMAP ) && defined( STANDARD ) && defined( ENVMAP_TYPE_CUBE_UV )
iblIrradiance += getIBLIrradiance( geometryNormal );
#endif
#endif
#if defined( USE_ENVMAP ) && defined( RE_IndirectSpecular )
#ifdef USE_ANISOTROPY
radiance += getIBLAnisotropyRadiance( geometryViewDir, geometryNormal, material.roughness, material.anisotropyB, material.anisotropy );
#else
radiance += getIBLRadiance( geometryViewDir, geometryNormal, material.roughness );
#endif
#ifdef USE_CLEARCOAT
clearcoatRadiance += getIBLRadiance( geometryViewDir, geometryClearcoatNormal, material.clearcoatRoughness );
#endif
#endif
`,ba=`
#if defined( RE_IndirectDiffuse )
RE_IndirectDiffuse( irradiance, geometryPosition, geometryNormal, geometryViewDir, geometryClearcoatNormal, material, reflectedLight );
#endif
#if defined( RE_IndirectSpecular )
RE_IndirectSpecular( radiance, iblIrradiance, clearcoatRadiance, geometryPosition, geometryNormal, geometryViewDir, geometryClearcoatNormal, material, reflectedLight );
#endif
`,wa=`
#if defined( USE_LOGARITHMIC_DEPTH_BUFFER )
gl_FragDepth = vIsPerspective == 0.0 ? gl_FragCoord.z : log2( vFragDepth ) * logDepthBufFC * 0.5;
#endif
`,Ca=`
#if defined( USE_LOGARITHMIC_DEPTH_BUFFER )
uniform float logDepthBufFC;
varying float vFragDepth;
varying float vIsPerspective;
#endif
`,La=`
#ifdef USE_LOGARITHMIC_DEPTH_BUFFER
varying float vFragDepth;
varying float vIsPerspective;
#endif
`,Pa=`
#ifdef USE_LOGARITHMIC_DEPTH_BUFFER
vFragDepth = 1.0 + gl_Position.w;
vIsPerspective = float( isPerspectiveMatrix( projectionMatrix ) );
#endif
`,Ra=`
#ifdef USE_MAP
vec4 sampledDiffuseColor = texture2D( map, vMapUv );
#ifdef DECODE_VIDEO_TEXTURE
sampledDiffuseColor = sRGBTransferEOTF( sampledDiffuseColor );
#endif
diffuseColor *= sampledDiffuseColor;
#endif
`,Ua=`
#ifdef USE_MAP
uniform sampler2D map;
#endif
`,Ia="",Da="",Fa="",Na="",Oa="",Ba="",za="",ka="",Ha="",Ga=`
float faceDirection = gl_FrontFacing ? 1.0 : - 1.0;
#ifdef FLAT_SHADED
vec3 fdx = dFdx( vViewPosition );
vec3 fdy = dFdy( vViewPosition );
vec3 normal = normalize( cross( fdx, fdy ) );
#else
vec3 normal = normalize( vNormal );
#ifdef DOUBLE_SIDED
normal *= faceDirection;
#endif
#endif
#if defined( USE_NORMALMAP_TANGENTSPACE ) || defined( USE_CLEARCOAT_NORMALMAP ) || defined( USE_ANISOTROPY )
#ifdef USE_TANGENT
mat3 tbn = mat3( normalize( vTangent ), normalize( vBitangent ), normal );
#else
mat3 tbn = getTangentFrame( - vViewPosition, normal,
#if defined( USE_NORMALMAP )
vNormalMapUv
#elif defined( USE_CLEARCOAT_NORMALMAP )
vClearcoatNormalMapUv
#else
vUv
#endif
);
#endif
#if defined( DOUBLE_SIDED ) && ! defined( FLAT_SHADED )
tbn[0] *= faceDirection;
tbn[1] *= faceDirection;
#endif
#endif
#ifdef USE_CLEARCOAT_NORMALMAP
#ifdef USE_TANGENT
mat3 tbn2 = mat3( normalize( vTangent ), normalize( vBitangent ), normal );
#else
mat3 tbn2 = getTangentFrame( - vViewPosition, normal, vClearcoatNormalMapUv );
#endif
#if defined( DOUBLE_SIDED ) && ! defined( FLAT_SHADED )
tbn2[0] *= faceDirection;
tbn2[1] *= faceDirection;
#endif
#endif
vec3 nonPerturbedNormal = normal;
`,Va=`
#ifdef USE_NORMALMAP_OBJECTSPACE
normal = texture2D( normalMap, vNormalMapUv ).xyz * 2.0 - 1.0;
#ifdef FLIP_SIDED
normal = - normal;
#endif
#ifdef DOUBLE_SIDED
normal = normal * faceDirection;
#endif
normal = normalize( normalMatrix * normal );
#elif defined( USE_NORMALMAP_TANGENTSPACE )
vec3 mapN = texture2D( normalMap, vNormalMapUv ).xyz * 2.0 - 1.0;
mapN.xy *= normalScale;
normal = normalize( tbn * mapN );
#elif defined( USE_BUMPMAP )
normal = perturbNormalArb( - vViewPosition, normal, dHdxy_fwd(), faceDirection );
#endif
`,Wa=`
#ifndef FLAT_SHADED
varying vec3 vNormal;
#ifdef USE_TANGENT
varying vec3 vTangent;
varying vec3 vBitangent;
#endif
#endif
`,Xa=`
#ifndef FLAT_SHADED
varying vec3 vNormal;
#ifdef USE_TANGENT
varying vec3 vTangent;
varying vec3 vBitangent;
#endif
#endif
`,qa=`
#ifndef FLAT_SHADED
vNormal = normalize( transformedNormal );
#ifdef USE_TANGENT
vTangent = normalize( transformedTangent );
vBitangent = normalize( cross( vNormal, vTangent ) * tangent.w );
#endif
#endif
`,Ya=`
#ifdef USE_NORMALMAP
uniform sampler2D normalMap;
uniform vec2 normalScale;
#endif
#ifdef USE_NORMALMAP_OBJECTSPACE
uniform mat3 normalMatrix;
#endif
#if ! defined ( USE_TANGENT ) && ( defined ( USE_NORMALMAP_TANGENTSPACE ) || defined ( USE_CLEARCOAT_NORMALMAP ) || defined( USE_ANISOTROPY ) )
mat3 getTangentFrame( vec3 eye_pos, vec3 surf_norm, vec2 uv ) {
vec3 q0 = dFdx( eye_pos.xyz );
vec3 q1 = dFdy( eye_pos.xyz );
vec2 st0 = dFdx( uv.st );
vec2 st1 = dFdy( uv.st );
vec3 N = surf_norm;
vec3 q1perp = cross( q1, N );
vec3 q0perp = cross( N, q0 );
vec3 T = q1perp * st0.x + q0perp * st1.x;
vec3 B = q1perp * st0.y + q0perp * st1.y;
float det = max( dot( T, T ), dot( B, B ) );
float scale = ( det == 0.0 ) ? 0.0 : inversesqrt( det );
return mat3( T * scale, B * scale, N );
}
#endif
`,$a="",Za="",Ka="",Qa="",Ja=`
#ifdef OPAQUE
diffuseColor.a = 1.0;
#endif
#ifdef USE_TRANSMISSION
diffuseColor.a *= material.transmissionAlpha;
#endif
gl_FragColor = vec4( outgoingLight, diffuseColor.a );
`,ja=`
vec3 packNormalToRGB( const in vec3 normal ) {
return normalize( normal ) * 0.5 + 0.5;
}
vec3 unpackRGBToNormal( const in vec3 rgb ) {
return 2.0 * rgb.xyz - 1.0;
}
const float PackUpscale = 256. / 255.;
const float UnpackDownscale = 255. / 256.;
const float ShiftRight8 = 1. / 256.;
const float Inv255 = 1. / 255.;
const vec4 PackFactors = vec4( 1.0, 256.0, 256.0 * 256.0, 256.0 * 256.0 * 256.0 );
const vec2 UnpackFactors2 = vec2( UnpackDownscale, 1.0 / PackFactors.g );
const vec3 UnpackFactors3 = vec3( UnpackDownscale / PackFactors.rg, 1.0 / PackFactors.b );
const vec4 UnpackFactors4 = vec4( UnpackDownscale / PackFactors.rgb, 1.0 / PackFactors.a );
vec4 packDepthToRGBA( const in float v ) {
if( v <= 0.0 )
return vec4( 0., 0., 0., 0. );
if( v >= 1.0 )
return vec4( 1., 1., 1., 1. );
float vuf;
float af = modf( v * PackFactors.a, vuf );
float bf = modf( vuf * ShiftRight8, vuf );
float gf = modf( vuf * ShiftRight8, vuf );
return vec4( vuf * Inv255, gf * PackUpscale, bf * PackUpscale, af );
}
vec3 packDepthToRGB( const in float v ) {
if( v <= 0.0 )
return vec3( 0., 0., 0. );
if( v >= 1.0 )
return vec3( 1., 1., 1. );
float vuf;
float bf = modf( v * PackFactors.b, vuf );
float gf = modf( vuf * ShiftRight8, vuf );
return vec3( vuf * Inv255, gf * PackUpscale, bf );
}
vec2 packDepthToRG( const in float v ) {
if( v <= 0.0 )
return vec2( 0., 0. );
if( v >= 1.0 )
return vec2( 1., 1. );
float vuf;
float gf = modf( v * 256., vuf );
return vec2( vuf * Inv255, gf );
}
float unpackRGBAToDepth( const in vec4 v ) {
return dot( v, UnpackFactors4 );
}
float unpackRGBToDepth( const in vec3 v ) {
return dot( v, UnpackFactors3 );
}
float unpackRGToDepth( const in vec2 v ) {
return v.r * UnpackFactors2.r + v.g * UnpackFactors2.g;
}
vec4 pack2HalfToRGBA( const in vec2 v ) {
vec4 r = vec4( v.x, fract( v.x * 255.0 ), v.y, fract( v.y * 255.0 ) );
return vec4( r.x - r.y / 255.0, r.y, r.z - r.w / 255.0, r.w );
}
vec2 unpackRGBATo2Half( const in vec4 v ) {
return vec2( v.x + ( v.y / 255.0 ), v.z + ( v.w / 255.0 ) );
}
float viewZToOrthographicDepth( const in float viewZ, const in float near, const in float far ) {
return ( viewZ + near ) / ( near - far );
}
float orthographicDepthToViewZ( const in float depth, const in float near, const in float far ) {
return depth * ( near - far ) - near;
}
float viewZToPerspectiveDepth( const in float viewZ, const in float near, const in float far ) {
return ( ( near + viewZ ) * far ) / ( ( far - near ) * viewZ );
}
float perspectiveDepthToViewZ( const in float depth, const in float near, const in float far ) {
return ( near * far ) / ( ( far - near ) * depth - far );
}
`,eo=`
#ifdef PREMULTIPLIED_ALPHA
gl_FragColor.rgb *= gl_FragColor.a;
#endif
`,to=`
vec4 mvPosition = vec4( transformed, 1.0 );
#ifdef USE_BATCHING
mvPosition = batchingMatrix * mvPosition;
#endif
#ifdef USE_INSTANCING
mvPosition = instanceMatrix * mvPosition;
#endif
mvPosition = modelViewMatrix * mvPosition;
gl_Position = projectionMatrix * mvPosition;
`,io=`
#ifdef DITHERING
gl_FragColor.rgb = dithering( gl_FragColor.rgb );
#endif
`,no=`
#ifdef DITHERING
vec3 dithering( vec3 color ) {
float grid_position = rand( gl_FragCoord.xy );
vec3 dither_shift_RGB = vec3( 0.25 / 255.0, -0.25 / 255.0, 0.25 / 255.0 );
dither_shift_RGB = mix( 2.0 * dither_shift_RGB, -2.0 * dither_shift_RGB, grid_position );
return color + dither_shift_RGB;
}
#endif
`,so="",ro="",ao="",oo="",ho="",lo="",co="",uo="",fo="",po="",mo=`
float specularStrength;
#ifdef USE_SPECULARMAP
vec4 texelSpecular = texture2D( specularMap, vSpecularMapUv );
specularStrength = texelSpecular.r;
#else
specularStrength = 1.0;
#endif
`,go=`
#ifdef USE_SPECULARMAP
uniform sampler2D specularMap;
#endif
`,_o="",xo="",Mo="",So="",yo=`
#if defined( USE_UV ) || defined( USE_ANISOTROPY )
varying vec2 vUv;
#endif
#ifdef USE_MAP
varying vec2 vMapUv;
#endif
#ifdef USE_ALPHAMAP
varying vec2 vAlphaMapUv;
#endif
#ifdef USE_LIGHTMAP
varying vec2 vLightMapUv;
#endif
#ifdef USE_AOMAP
varying vec2 vAoMapUv;
#endif
#ifdef USE_BUMPMAP
varying vec2 vBumpMapUv;
#endif
#ifdef USE_NORMALMAP
varying vec2 vNormalMapUv;
#endif
#ifdef USE_EMISSIVEMAP
varying vec2 vEmissiveMapUv;
#endif
#ifdef USE_METALNESSMAP
varying vec2 vMetalnessMapUv;
#endif
#ifdef USE_ROUGHNESSMAP
varying vec2 vRoughnessMapUv;
#endif
#ifdef USE_ANISOTROPYMAP
varying vec2 vAnisotropyMapUv;
#endif
#ifdef USE_CLEARCOATMAP
varying vec2 vClearcoatMapUv;
#endif
#ifdef USE_CLEARCOAT_NORMALMAP
varying vec2 vClearcoatNormalMapUv;
#endif
#ifdef USE_CLEARCOAT_ROUGHNESSMAP
varying vec2 vClearcoatRoughnessMapUv;
#endif
#ifdef USE_IRIDESCENCEMAP
varying vec2 vIridescenceMapUv;
#endif
#ifdef USE_IRIDESCENCE_THICKNESSMAP
varying vec2 vIridescenceThicknessMapUv;
#endif
#ifdef USE_SHEEN_COLORMAP
varying vec2 vSheenColorMapUv;
#endif
#ifdef USE_SHEEN_ROUGHNESSMAP
varying vec2 vSheenRoughnessMapUv;
#endif
#ifdef USE_SPECULARMAP
varying vec2 vSpecularMapUv;
#endif
#ifdef USE_SPECULAR_COLORMAP
varying vec2 vSpecularColorMapUv;
#endif
#ifdef USE_SPECULAR_INTENSITYMAP
varying vec2 vSpecularIntensityMapUv;
#endif
#ifdef USE_TRANSMISSIONMAP
uniform mat3 transmissionMapTransform;
varying vec2 vTransmissionMapUv;
#endif
#ifdef USE_THICKNESSMAP
uniform mat3 thicknessMapTransform;
varying vec2 vThicknessMapUv;
#endif
`,vo=`
#if defined( USE_UV ) || defined( USE_ANISOTROPY )
varying vec2 vUv;
#endif
#ifdef USE_MAP
uniform mat3 mapTransform;
varying vec2 vMapUv;
#endif
#ifdef USE_ALPHAMAP
uniform mat3 alphaMapTransform;
varying vec2 vAlphaMapUv;
#endif
#ifdef USE_LIGHTMAP
uniform mat3 lightMapTransform;
varying vec2 vLightMapUv;
#endif
#ifdef USE_AOMAP
uniform mat3 aoMapTransform;
varying vec2 vAoMapUv;
#endif
#ifdef USE_BUMPMAP
uniform mat3 bumpMapTransform;
varying vec2 vBumpMapUv;
#endif
#ifdef USE_NORMALMAP
uniform mat3 normalMapTransform;
varying vec2 vNormalMapUv;
#endif
#ifdef USE_DISPLACEMENTMAP
uniform mat3 displacementMapTransform;
varying vec2 vDisplacementMapUv;
#endif
#ifdef USE_EMISSIVEMAP
uniform mat3 emissiveMapTransform;
varying vec2 vEmissiveMapUv;
#endif
#ifdef USE_METALNESSMAP
uniform mat3 metalnessMapTransform;
varying vec2 vMetalnessMapUv;
#endif
#ifdef USE_ROUGHNESSMAP
uniform mat3 roughnessMapTransform;
varying vec2 vRoughnessMapUv;
#endif
#ifdef USE_ANISOTROPYMAP
uniform mat3 anisotropyMapTransform;
varying vec2 vAnisotropyMapUv;
#endif
#ifdef USE_CLEARCOATMAP
uniform mat3 clearcoatMapTransform;
varying vec2 vClearcoatMapUv;
#endif
#ifdef USE_CLEARCOAT_NORMALMAP
uniform mat3 clearcoatNormalMapTransform;
varying vec2 vClearcoatNormalMapUv;
#endif
#ifdef USE_CLEARCOAT_ROUGHNESSMAP
uniform mat3 clearcoatRoughnessMapTransform;
varying vec2 vClearcoatRoughnessMapUv;
#endif
#ifdef USE_SHEEN_COLORMAP
uniform mat3 sheenColorMapTransform;
varying vec2 vSheenColorMapUv;
#endif
#ifdef USE_SHEEN_ROUGHNESSMAP
uniform mat3 sheenRoughnessMapTransform;
varying vec2 vSheenRoughnessMapUv;
#endif
#ifdef USE_IRIDESCENCEMAP
uniform mat3 iridescenceMapTransform;
varying vec2 vIridescenceMapUv;
#endif
#ifdef USE_IRIDESCENCE_THICKNESSMAP
uniform mat3 iridescenceThicknessMapTransform;
varying vec2 vIridescenceThicknessMapUv;
#endif
#ifdef USE_SPECULARMAP
uniform mat3 specularMapTransform;
varying vec2 vSpecularMapUv;
#endif
#ifdef USE_SPECULAR_COLORMAP
uniform mat3 specularColorMapTransform;
varying vec2 vSpecularColorMapUv;
#endif
#ifdef USE_SPECULAR_INTENSITYMAP
uniform mat3 specularIntensityMapTransform;
varying vec2 vSpecularIntensityMapUv;
#endif
#ifdef USE_TRANSMISSIONMAP
uniform mat3 transmissionMapTransform;
varying vec2 vTransmissionMapUv;
#endif
#ifdef USE_THICKNESSMAP
uniform mat3 thicknessMapTransform;
varying vec2 vThicknessMapUv;
#endif
`,Eo=`
#if defined( USE_UV ) || defined( USE_ANISOTROPY )
vUv = vec3( uv, 1 ).xy;
#endif
#ifdef USE_MAP
vMapUv = ( mapTransform * vec3( MAP_UV, 1 ) ).xy;
#endif
#ifdef USE_ALPHAMAP
vAlphaMapUv = ( alphaMapTransform * vec3( ALPHAMAP_UV, 1 ) ).xy;
#endif
#ifdef USE_LIGHTMAP
vLightMapUv = ( lightMapTransform * vec3( LIGHTMAP_UV, 1 ) ).xy;
#endif
#ifdef USE_AOMAP
vAoMapUv = ( aoMapTransform * vec3( AOMAP_UV, 1 ) ).xy;
#endif
#ifdef USE_BUMPMAP
vBumpMapUv = ( bumpMapTransform * vec3( BUMPMAP_UV, 1 ) ).xy;
#endif
#ifdef USE_NORMALMAP
vNormalMapUv = ( normalMapTransform * vec3( NORMALMAP_UV, 1 ) ).xy;
#endif
#ifdef USE_DISPLACEMENTMAP
vDisplacementMapUv = ( displacementMapTransform * vec3( DISPLACEMENTMAP_UV, 1 ) ).xy;
#endif
#ifdef USE_EMISSIVEMAP
vEmissiveMapUv = ( emissiveMapTransform * vec3( EMISSIVEMAP_UV, 1 ) ).xy;
#endif
#ifdef USE_METALNESSMAP
vMetalnessMapUv = ( metalnessMapTransform * vec3( METALNESSMAP_UV, 1 ) ).xy;
#endif
#ifdef USE_ROUGHNESSMAP
vRoughnessMapUv = ( roughnessMapTransform * vec3( ROUGHNESSMAP_UV, 1 ) ).xy;
#endif
#ifdef USE_ANISOTROPYMAP
vAnisotropyMapUv = ( anisotropyMapTransform * vec3( ANISOTROPYMAP_UV, 1 ) ).xy;
#endif
#ifdef USE_CLEARCOATMAP
vClearcoatMapUv = ( clearcoatMapTransform * vec3( CLEARCOATMAP_UV, 1 ) ).xy;
#endif
#ifdef USE_CLEARCOAT_NORMALMAP
vClearcoatNormalMapUv = ( clearcoatNormalMapTransform * vec3( CLEARCOAT_NORMALMAP_UV, 1 ) ).xy;
#endif
#ifdef USE_CLEARCOAT_ROUGHNESSMAP
vClearcoatRoughnessMapUv = ( clearcoatRoughnessMapTransform * vec3( CLEARCOAT_ROUGHNESSMAP_UV, 1 ) ).xy;
#endif
#ifdef USE_IRIDESCENCEMAP
vIridescenceMapUv = ( iridescenceMapTransform * vec3( IRIDESCENCEMAP_UV, 1 ) ).xy;
#endif
#ifdef USE_IRIDESCENCE_THICKNESSMAP
vIridescenceThicknessMapUv = ( iridescenceThicknessMapTransform * vec3( IRIDESCENCE_THICKNESSMAP_UV, 1 ) ).xy;
#endif
#ifdef USE_SHEEN_COLORMAP
vSheenColorMapUv = ( sheenColorMapTransform * vec3( SHEEN_COLORMAP_UV, 1 ) ).xy;
#endif
#ifdef USE_SHEEN_ROUGHNESSMAP
vSheenRoughnessMapUv = ( sheenRoughnessMapTransform * vec3( SHEEN_ROUGHNESSMAP_UV, 1 ) ).xy;
#endif
#ifdef USE_SPECULARMAP
vSpecularMapUv = ( specularMapTransform * vec3( SPECULARMAP_UV, 1 ) ).xy;
#endif
#ifdef USE_SPECULAR_COLORMAP
vSpecularColorMapUv = ( specularColorMapTransform * vec3( SPECULAR_COLORMAP_UV, 1 ) ).xy;
#endif
#ifdef USE_SPECULAR_INTENSITYMAP
vSpecularIntensityMapUv = ( specularIntensityMapTransform * vec3( SPECULAR_INTENSITYMAP_UV, 1 ) ).xy;
#endif
#ifdef USE_TRANSMISSIONMAP
vTransmissionMapUv = ( transmissionMapTransform * vec3( TRANSMISSIONMAP_UV, 1 ) ).xy;
#endif
#ifdef USE_THICKNESSMAP
vThicknessMapUv = ( thicknessMapTransform * vec3( THICKNESSMAP_UV, 1 ) ).xy;
#endif
`,Ao=`
#if defined( USE_ENVMAP ) || defined( DISTANCE ) || defined ( USE_SHADOWMAP ) || defined ( USE_TRANSMISSION ) || NUM_SPOT_LIGHT_COORDS > 0
vec4 worldPosition = vec4( transformed, 1.0 );
#ifdef USE_BATCHING
worldPosition = batchingMatrix * worldPosition;
#endif
#ifdef USE_INSTANCING
worldPosition = instanceMatrix * worldPosition;
#endif
worldPosition = modelMatrix * worldPosition;
#endif
`,To="",bo="",wo="",Co="",Lo="",Po="",Ro="",Uo="",Io="",Do="",Fo="",No="",Oo="",Bo="",zo=`
#include <common>
#include <batching_pars_vertex>
#include <uv_pars_vertex>
#include <envmap_pars_vertex>
#include <color_pars_vertex>
#include <fog_pars_vertex>
#include <morphtarget_pars_vertex>
#include <skinning_pars_vertex>
#include <logdepthbuf_pars_vertex>
#include <clipping_planes_pars_vertex>
void main() {
#include <uv_vertex>
#include <color_vertex>
#include <morphinstance_vertex>
#include <morphcolor_vertex>
#include <batching_vertex>
#if defined ( USE_ENVMAP ) || defined ( USE_SKINNING )
#include <beginnormal_vertex>
#include <morphnormal_vertex>
#include <skinbase_vertex>
#include <skinnormal_vertex>
#include <defaultnormal_vertex>
#endif
#include <begin_vertex>
#include <morphtarget_vertex>
#include <skinning_vertex>
#include <project_vertex>
#include <logdepthbuf_vertex>
#include <clipping_planes_vertex>
#include <worldpos_vertex>
#include <envmap_vertex>
#include <fog_vertex>
}
`,ko=`
uniform vec3 diffuse;
uniform float opacity;
#ifndef FLAT_SHADED
varying vec3 vNormal;
#endif
#include <common>
#include <dithering_pars_fragment>
#include <color_pars_fragment>
#include <uv_pars_fragment>
#include <map_pars_fragment>
#include <alphamap_pars_fragment>
#include <alphatest_pars_fragment>
#include <alphahash_pars_fragment>
#include <aomap_pars_fragment>
#include <lightmap_pars_fragment>
#include <envmap_common_pars_fragment>
#include <envmap_pars_fragment>
#include <fog_pars_fragment>
#include <specularmap_pars_fragment>
#include <logdepthbuf_pars_fragment>
#include <clipping_planes_pars_fragment>
void main() {
vec4 diffuseColor = vec4( diffuse, opacity );
#include <clipping_planes_fragment>
#include <logdepthbuf_fragment>
#include <map_fragment>
#include <color_fragment>
#include <alphamap_fragment>
#include <alphatest_fragment>
#include <alphahash_fragment>
#include <specularmap_fragment>
ReflectedLight reflectedLight = ReflectedLight( vec3( 0.0 ), vec3( 0.0 ), vec3( 0.0 ), vec3( 0.0 ) );
#ifdef USE_LIGHTMAP
vec4 lightMapTexel = texture2D( lightMap, vLightMapUv );
reflectedLight.indirectDiffuse += lightMapTexel.rgb * lightMapIntensity * RECIPROCAL_PI;
#else
reflectedLight.indirectDiffuse += vec3( 1.0 );
#endif
#include <aomap_fragment>
reflectedLight.indirectDiffuse *= diffuseColor.rgb;
vec3 outgoingLight = reflectedLight.indirectDiffuse;
#include <envmap_fragment>
#include <opaque_fragment>
#include <tonemapping_fragment>
#include <colorspace_fragment>
#include <fog_fragment>
#include <premultiplied_alpha_fragment>
#include <dithering_fragment>
}
`,Ho=`
#define LAMBERT
varying vec3 vViewPosition;
#include <common>
#include <batching_pars_vertex>
#include <uv_pars_vertex>
#include <displacementmap_pars_vertex>
#include <envmap_pars_vertex>
#include <color_pars_vertex>
#include <fog_pars_vertex>
#include <normal_pars_vertex>
#include <morphtarget_pars_vertex>
#include <skinning_pars_vertex>
#include <shadowmap_pars_vertex>
#include <logdepthbuf_pars_vertex>
#include <clipping_planes_pars_vertex>
void main() {
#include <uv_vertex>
#include <color_vertex>
#include <morphinstance_vertex>
#include <morphcolor_vertex>
#include <batching_vertex>
#include <beginnormal_vertex>
#include <morphnormal_vertex>
#include <skinbase_vertex>
#include <skinnormal_vertex>
#include <defaultnormal_vertex>
#include <normal_vertex>
#include <begin_vertex>
#include <morphtarget_vertex>
#include <skinning_vertex>
#include <displacementmap_vertex>
#include <project_vertex>
#include <logdepthbuf_vertex>
#include <clipping_planes_vertex>
vViewPosition = - mvPosition.xyz;
#include <worldpos_vertex>
#include <envmap_vertex>
#include <shadowmap_vertex>
#include <fog_vertex>
}
`,Go=`
#define LAMBERT
uniform vec3 diffuse;
uniform vec3 emissive;
uniform float opacity;
#include <common>
#include <packing>
#include <dithering_pars_fragment>
#include <color_pars_fragment>
#include <uv_pars_fragment>
#include <map_pars_fragment>
#include <alphamap_pars_fragment>
#include <alphatest_pars_fragment>
#include <alphahash_pars_fragment>
#include <aomap_pars_fragment>
#include <lightmap_pars_fragment>
#include <emissivemap_pars_fragment>
#include <envmap_common_pars_fragment>
#include <envmap_pars_fragment>
#include <fog_pars_fragment>
#include <bsdfs>
#include <lights_pars_begin>
#include <normal_pars_fragment>
#include <lights_lambert_pars_fragment>
#include <shadowmap_pars_fragment>
#include <bumpmap_pars_fragment>
#include <normalmap_pars_fragment>
#include <specularmap_pars_fragment>
#include <logdepthbuf_pars_fragment>
#include <clipping_planes_pars_fragment>
void main() {
vec4 diffuseColor = vec4( diffuse, opacity );
#include <clipping_planes_fragment>
ReflectedLight reflectedLight = ReflectedLight( vec3( 0.0 ), vec3( 0.0 ), vec3( 0.0 ), vec3( 0.0 ) );
vec3 totalEmissiveRadiance = emissive;
#include <logdepthbuf_fragment>
#include <map_fragment>
#include <color_fragment>
#include <alphamap_fragment>
#include <alphatest_fragment>
#include <alphahash_fragment>
#include <specularmap_fragment>
#include <normal_fragment_begin>
#include <normal_fragment_maps>
#include <emissivemap_fragment>
#include <lights_lambert_fragment>
#include <lights_fragment_begin>
#include <lights_fragment_maps>
#include <lights_fragment_end>
#include <aomap_fragment>
vec3 outgoingLight = reflectedLight.directDiffuse + reflectedLight.indirectDiffuse + totalEmissiveRadiance;
#include <envmap_fragment>
#include <opaque_fragment>
#include <tonemapping_fragment>
#include <colorspace_fragment>
#include <fog_fragment>
#include <premultiplied_alpha_fragment>
#include <dithering_fragment>
}
`,Vo="",Wo="",Xo="",qo="",Yo="",$o="",Zo="",Ko="",Qo="",Jo="",jo="",eh="",th="",ih="",nh="",sh="",ce={alphahash_fragment:Tr,alphahash_pars_fragment:br,alphamap_fragment:wr,alphamap_pars_fragment:Cr,alphatest_fragment:Lr,alphatest_pars_fragment:Pr,aomap_fragment:Rr,aomap_pars_fragment:Ur,batching_pars_vertex:Ir,batching_vertex:Dr,begin_vertex:Fr,beginnormal_vertex:Nr,bsdfs:Or,iridescence_fragment:Br,bumpmap_pars_fragment:zr,clipping_planes_fragment:kr,clipping_planes_pars_fragment:Hr,clipping_planes_pars_vertex:Gr,clipping_planes_vertex:Vr,color_fragment:Wr,color_pars_fragment:Xr,color_pars_vertex:qr,color_vertex:Yr,common:$r,cube_uv_reflection_fragment:Zr,defaultnormal_vertex:Kr,displacementmap_pars_vertex:Qr,displacementmap_vertex:Jr,emissivemap_fragment:jr,emissivemap_pars_fragment:ea,colorspace_fragment:ta,colorspace_pars_fragment:ia,envmap_fragment:na,envmap_common_pars_fragment:sa,envmap_pars_fragment:ra,envmap_pars_vertex:aa,envmap_physical_pars_fragment:_a,envmap_vertex:oa,fog_vertex:ha,fog_pars_vertex:la,fog_fragment:ca,fog_pars_fragment:ua,gradientmap_pars_fragment:fa,lightmap_pars_fragment:da,lights_lambert_fragment:pa,lights_lambert_pars_fragment:ma,lights_pars_begin:ga,lights_toon_fragment:xa,lights_toon_pars_fragment:Ma,lights_phong_fragment:Sa,lights_phong_pars_fragment:ya,lights_physical_fragment:va,lights_physical_pars_fragment:Ea,lights_fragment_begin:Aa,lights_fragment_maps:Ta,lights_fragment_end:ba,logdepthbuf_fragment:wa,logdepthbuf_pars_fragment:Ca,logdepthbuf_pars_vertex:La,logdepthbuf_vertex:Pa,map_fragment:Ra,map_pars_fragment:Ua,map_particle_fragment:Ia,map_particle_pars_fragment:Da,metalnessmap_fragment:Fa,metalnessmap_pars_fragment:Na,morphinstance_vertex:Oa,morphcolor_vertex:Ba,morphnormal_vertex:za,morphtarget_pars_vertex:ka,morphtarget_vertex:Ha,normal_fragment_begin:Ga,normal_fragment_maps:Va,normal_pars_fragment:Wa,normal_pars_vertex:Xa,normal_vertex:qa,normalmap_pars_fragment:Ya,clearcoat_normal_fragment_begin:$a,clearcoat_normal_fragment_maps:Za,clearcoat_pars_fragment:Ka,iridescence_pars_fragment:Qa,opaque_fragment:Ja,packing:ja,premultiplied_alpha_fragment:eo,project_vertex:to,dithering_fragment:io,dithering_pars_fragment:no,roughnessmap_fragment:so,roughnessmap_pars_fragment:ro,shadowmap_pars_fragment:ao,shadowmap_pars_vertex:oo,shadowmap_vertex:ho,shadowmask_pars_fragment:lo,skinbase_vertex:co,skinning_pars_vertex:uo,skinning_vertex:fo,skinnormal_vertex:po,specularmap_fragment:mo,specularmap_pars_fragment:go,tonemapping_fragment:_o,tonemapping_pars_fragment:xo,transmission_fragment:Mo,transmission_pars_fragment:So,uv_pars_fragment:yo,uv_pars_vertex:vo,uv_vertex:Eo,worldpos_vertex:Ao,background_vert:To,background_frag:bo,backgroundCube_vert:wo,backgroundCube_frag:Co,cube_vert:Lo,cube_frag:Po,depth_vert:Ro,depth_frag:Uo,distanceRGBA_vert:Io,distanceRGBA_frag:Do,equirect_vert:Fo,equirect_frag:No,linedashed_vert:Oo,linedashed_frag:Bo,meshbasic_vert:zo,meshbasic_frag:ko,meshlambert_vert:Ho,meshlambert_frag:Go,meshmatcap_vert:Vo,meshmatcap_frag:Wo,meshnormal_vert:Xo,meshnormal_frag:qo,meshphong_vert:Yo,meshphong_frag:$o,meshphysical_vert:Zo,meshphysical_frag:Ko,meshtoon_vert:Qo,meshtoon_frag:Jo,points_vert:jo,points_frag:eh,shadow_vert:th,shadow_frag:ih,sprite_vert:nh,sprite_frag:sh},G={common:{diffuse:{value:new me(16777215)},opacity:{value:1},map:{value:null},mapTransform:{value:new he},alphaMap:{value:null},alphaMapTransform:{value:new he},alphaTest:{value:0}},specularmap:{specularMap:{value:null},specularMapTransform:{value:new he}},envmap:{envMap:{value:null},envMapRotation:{value:new he},flipEnvMap:{value:-1},reflectivity:{value:1},ior:{value:1.5},refractionRatio:{value:.98}},aomap:{aoMap:{value:null},aoMapIntensity:{value:1},aoMapTransform:{value:new he}},lightmap:{lightMap:{value:null},lightMapIntensity:{value:1},lightMapTransform:{value:new he}},bumpmap:{bumpMap:{value:null},bumpMapTransform:{value:new he},bumpScale:{value:1}},normalmap:{normalMap:{value:null},normalMapTransform:{value:new he},normalScale:{value:new Se(1,1)}},displacementmap:{displacementMap:{value:null},displacementMapTransform:{value:new he},displacementScale:{value:1},displacementBias:{value:0}},emissivemap:{emissiveMap:{value:null},emissiveMapTransform:{value:new he}},metalnessmap:{metalnessMap:{value:null},metalnessMapTransform:{value:new he}},roughnessmap:{roughnessMap:{value:null},roughnessMapTransform:{value:new he}},gradientmap:{gradientMap:{value:null}},fog:{fogDensity:{value:25e-5},fogNear:{value:1},fogFar:{value:2e3},fogColor:{value:new me(16777215)}},lights:{ambientLightColor:{value:[]},lightProbe:{value:[]},directionalLights:{value:[],properties:{direction:{},color:{}}},directionalLightShadows:{value:[],properties:{shadowIntensity:1,shadowBias:{},shadowNormalBias:{},shadowRadius:{},shadowMapSize:{}}},directionalShadowMap:{value:[]},directionalShadowMatrix:{value:[]},spotLights:{value:[],properties:{color:{},position:{},direction:{},distance:{},coneCos:{},penumbraCos:{},decay:{}}},spotLightShadows:{value:[],properties:{shadowIntensity:1,shadowBias:{},shadowNormalBias:{},shadowRadius:{},shadowMapSize:{}}},spotLightMap:{value:[]},spotShadowMap:{value:[]},spotLightMatrix:{value:[]},pointLights:{value:[],properties:{color:{},position:{},decay:{},distance:{}}},pointLightShadows:{value:[],properties:{shadowIntensity:1,shadowBias:{},shadowNormalBias:{},shadowRadius:{},shadowMapSize:{},shadowCameraNear:{},shadowCameraFar:{}}},pointShadowMap:{value:[]},pointShadowMatrix:{value:[]},hemisphereLights:{value:[],properties:{direction:{},skyColor:{},groundColor:{}}},rectAreaLights:{value:[],properties:{color:{},position:{},width:{},height:{}}},ltc_1:{value:null},ltc_2:{value:null}},points:{diffuse:{value:new me(16777215)},opacity:{value:1},size:{value:1},scale:{value:1},map:{value:null},alphaMap:{value:null},alphaMapTransform:{value:new he},alphaTest:{value:0},uvTransform:{value:new he}},sprite:{diffuse:{value:new me(16777215)},opacity:{value:1},center:{value:new Se(.5,.5)},rotation:{value:0},map:{value:null},mapTransform:{value:new he},alphaMap:{value:null},alphaMapTransform:{value:new he},alphaTest:{value:0}}},Tt={basic:{uniforms:je([G.common,G.specularmap,G.envmap,G.aomap,G.lightmap,G.fog]),vertexShader:ce.meshbasic_vert,fragmentShader:ce.meshbasic_frag},lambert:{uniforms:je([G.common,G.specularmap,G.envmap,G.aomap,G.lightmap,G.emissivemap,G.bumpmap,G.normalmap,G.displacementmap,G.fog,G.lights,{emissive:{value:new me(0)}}]),vertexShader:ce.meshlambert_vert,fragmentShader:ce.meshlambert_frag},phong:{uniforms:je([G.common,G.specularmap,G.envmap,G.aomap,G.lightmap,G.emissivemap,G.bumpmap,G.normalmap,G.displacementmap,G.fog,G.lights,{emissive:{value:new me(0)},specular:{value:new me(1118481)},shininess:{value:30}}]),vertexShader:ce.meshphong_vert,fragmentShader:ce.meshphong_frag},standard:{uniforms:je([G.common,G.envmap,G.aomap,G.lightmap,G.emissivemap,G.bumpmap,G.normalmap,G.displacementmap,G.roughnessmap,G.metalnessmap,G.fog,G.lights,{emissive:{value:new me(0)},roughness:{value:1},metalness:{value:0},envMapIntensity:{value:1}}]),vertexShader:ce.meshphysical_vert,fragmentShader:ce.meshphysical_frag},toon:{uniforms:je([G.common,G.aomap,G.lightmap,G.emissivemap,G.bumpmap,G.normalmap,G.displacementmap,G.gradientmap,G.fog,G.lights,{emissive:{value:new me(0)}}]),vertexShader:ce.meshtoon_vert,fragmentShader:ce.meshtoon_frag},matcap:{uniforms:je([G.common,G.bumpmap,G.normalmap,G.displacementmap,G.fog,{matcap:{value:null}}]),vertexShader:ce.meshmatcap_vert,fragmentShader:ce.meshmatcap_frag},points:{uniforms:je([G.points,G.fog]),vertexShader:ce.points_vert,fragmentShader:ce.points_frag},dashed:{uniforms:je([G.common,G.fog,{scale:{value:1},dashSize:{value:1},totalSize:{value:2}}]),vertexShader:ce.linedashed_vert,fragmentShader:ce.linedashed_frag},depth:{uniforms:je([G.common,G.displacementmap]),vertexShader:ce.depth_vert,fragmentShader:ce.depth_frag},normal:{uniforms:je([G.common,G.bumpmap,G.normalmap,G.displacementmap,{opacity:{value:1}}]),vertexShader:ce.meshnormal_vert,fragmentShader:ce.meshnormal_frag},sprite:{uniforms:je([G.sprite,G.fog]),vertexShader:ce.sprite_vert,fragmentShader:ce.sprite_frag},background:{uniforms:{uvTransform:{value:new he},t2D:{value:null},backgroundIntensity:{value:1}},vertexShader:ce.background_vert,fragmentShader:ce.background_frag},backgroundCube:{uniforms:{envMap:{value:null},flipEnvMap:{value:-1},backgroundBlurriness:{value:0},backgroundIntensity:{value:1},backgroundRotation:{value:new he}},vertexShader:ce.backgroundCube_vert,fragmentShader:ce.backgroundCube_frag},cube:{uniforms:{tCube:{value:null},tFlip:{value:-1},opacity:{value:1}},vertexShader:ce.cube_vert,fragmentShader:ce.cube_frag},equirect:{uniforms:{tEquirect:{value:null}},vertexShader:ce.equirect_vert,fragmentShader:ce.equirect_frag},distanceRGBA:{uniforms:je([G.common,G.displacementmap,{referencePosition:{value:new U},nearDistance:{value:1},farDistance:{value:1e3}}]),vertexShader:ce.distanceRGBA_vert,fragmentShader:ce.distanceRGBA_frag},shadow:{uniforms:je([G.lights,G.fog,{color:{value:new me(0)},opacity:{value:1}}]),vertexShader:ce.shadow_vert,fragmentShader:ce.shadow_frag}};Tt.physical={uniforms:je([Tt.standard.uniforms,{clearcoat:{value:0},clearcoatMap:{value:null},clearcoatMapTransform:{value:new he},clearcoatNormalMap:{value:null},clearcoatNormalMapTransform:{value:new he},clearcoatNormalScale:{value:new Se(1,1)},clearcoatRoughness:{value:0},clearcoatRoughnessMap:{value:null},clearcoatRoughnessMapTransform:{value:new he},dispersion:{value:0},iridescence:{value:0},iridescenceMap:{value:null},iridescenceMapTransform:{value:new he},iridescenceIOR:{value:1.3},iridescenceThicknessMinimum:{value:100},iridescenceThicknessMaximum:{value:400},iridescenceThicknessMap:{value:null},iridescenceThicknessMapTransform:{value:new he},sheen:{value:0},sheenColor:{value:new me(0)},sheenColorMap:{value:null},sheenColorMapTransform:{value:new he},sheenRoughness:{value:1},sheenRoughnessMap:{value:null},sheenRoughnessMapTransform:{value:new he},transmission:{value:0},transmissionMap:{value:null},transmissionMapTransform:{value:new he},transmissionSamplerSize:{value:new Se},transmissionSamplerMap:{value:null},thickness:{value:0},thicknessMap:{value:null},thicknessMapTransform:{value:new he},attenuationDistance:{value:0},attenuationColor:{value:new me(0)},specularColor:{value:new me(1,1,1)},specularColorMap:{value:null},specularColorMapTransform:{value:new he},specularIntensity:{value:1},specularIntensityMap:{value:null},specularIntensityMapTransform:{value:new he},anisotropyVector:{value:new Se},anisotropyMap:{value:null},anisotropyMapTransform:{value:new he}}]),vertexShader:ce.meshphysical_vert,fragmentShader:ce.meshphysical_frag};const Xi={r:0,b:0,g:0},jt=new bt,rh=new Ue;function ah(s,e,t,i,n,r,a){const o=new me(0);let f=r===!0?0:1,l,c,d=null,g=0,m=null;function _(b){let y=b.isScene===!0?b.background:null;return y&&y.isTexture&&(y=(b.backgroundBlurriness>0?t:e).get(y)),y}function S(b){let y=!1;const L=_(b);L===null?h(o,f):L&&L.isColor&&(h(L,1),y=!0);const O=s.xr.getEnvironmentBlendMode();O==="additive"?i.buffers.color.setClear(0,0,0,1,a):O==="alpha-blend"&&i.buffers.color.setClear(0,0,0,0,a),(s.autoClear||y)&&(i.buffers.depth.setTest(!0),i.buffers.depth.setMask(!0),i.buffers.color.setMask(!0),s.clear(s.autoClearColor,s.autoClearDepth,s.autoClearStencil))}function u(b,y){const L=_(y);L&&(L.isCubeTexture||L.mapping===306)?(c===void 0&&(c=new Yn(new An(1,1,1),new $n({name:"BackgroundCubeMaterial",uniforms:Ti(Tt.backgroundCube.uniforms),vertexShader:Tt.backgroundCube.vertexShader,fragmentShader:Tt.backgroundCube.fragmentShader,side:1,depthTest:!1,depthWrite:!1,fog:!1,allowOverride:!1})),c.geometry.deleteAttribute("normal"),c.geometry.deleteAttribute("uv"),c.onBeforeRender=function(O,N,I){this.matrixWorld.copyPosition(I.matrixWorld)},Object.defineProperty(c.material,"envMap",{get:function(){return this.uniforms.envMap.value}}),n.update(c)),jt.copy(y.backgroundRotation),jt.x*=-1,jt.y*=-1,jt.z*=-1,L.isCubeTexture&&L.isRenderTargetTexture===!1&&(jt.y*=-1,jt.z*=-1),c.material.uniforms.envMap.value=L,c.material.uniforms.flipEnvMap.value=L.isCubeTexture&&L.isRenderTargetTexture===!1?-1:1,c.material.uniforms.backgroundBlurriness.value=y.backgroundBlurriness,c.material.uniforms.backgroundIntensity.value=y.backgroundIntensity,c.material.uniforms.backgroundRotation.value.setFromMatrix4(rh.makeRotationFromEuler(jt)),c.material.toneMapped=be.getTransfer(L.colorSpace)!==Vt,(d!==L||g!==L.version||m!==s.toneMapping)&&(c.material.needsUpdate=!0,d=L,g=L.version,m=s.toneMapping),c.layers.enableAll(),b.unshift(c,c.geometry,c.material,0,0,null)):L&&L.isTexture&&(l===void 0&&(l=new Yn(new Tn(2,2),new $n({name:"BackgroundMaterial",uniforms:Ti(Tt.background.uniforms),vertexShader:Tt.background.vertexShader,fragmentShader:Tt.background.fragmentShader,side:0,depthTest:!1,depthWrite:!1,fog:!1,allowOverride:!1})),l.geometry.deleteAttribute("normal"),Object.defineProperty(l.material,"map",{get:function(){return this.uniforms.t2D.value}}),n.update(l)),l.material.uniforms.t2D.value=L,l.material.uniforms.backgroundIntensity.value=y.backgroundIntensity,l.material.toneMapped=be.getTransfer(L.colorSpace)!==Vt,L.matrixAutoUpdate===!0&&L.updateMatrix(),l.material.uniforms.uvTransform.value.copy(L.matrix),(d!==L||g!==L.version||m!==s.toneMapping)&&(l.material.needsUpdate=!0,d=L,g=L.version,m=s.toneMapping),l.layers.enableAll(),b.unshift(l,l.geometry,l.material,0,0,null))}function h(b,y){b.getRGB(Xi,As(s)),i.buffers.color.setClear(Xi.r,Xi.g,Xi.b,y,a)}function C(){c!==void 0&&(c.geometry.dispose(),c.material.dispose(),c=void 0),l!==void 0&&(l.geometry.dispose(),l.material.dispose(),l=void 0)}return{getClearColor:function(){return o},setClearColor:function(b,y=1){o.set(b),f=y,h(o,f)},getClearAlpha:function(){return f},setClearAlpha:function(b){f=b,h(o,f)},render:S,addToRenderList:u,dispose:C}}function oh(s,e){const t=s.getParameter(s.MAX_VERTEX_ATTRIBS),i={},n=g(null);let r=n,a=!1;function o(M,w,F,D,k){let X=!1;const H=d(D,F,w);r!==H&&(r=H,l(r.object)),X=m(M,D,F,k),X&&_(M,D,F,k),k!==null&&e.update(k,s.ELEMENT_ARRAY_BUFFER),(X||a)&&(a=!1,y(M,w,F,D),k!==null&&s.bindBuffer(s.ELEMENT_ARRAY_BUFFER,e.get(k).buffer))}function f(){return s.createVertexArray()}function l(M){return s.bindVertexArray(M)}function c(M){return s.deleteVertexArray(M)}function d(M,w,F){const D=F.wireframe===!0;let k=i[M.id];k===void 0&&(k={},i[M.id]=k);let X=k[w.id];X===void 0&&(X={},k[w.id]=X);let H=X[D];return H===void 0&&(H=g(f()),X[D]=H),H}function g(M){const w=[],F=[],D=[];for(let k=0;k<t;k++)w[k]=0,F[k]=0,D[k]=0;return{geometry:null,program:null,wireframe:!1,newAttributes:w,enabledAttributes:F,attributeDivisors:D,object:M,attributes:{},index:null}}function m(M,w,F,D){const k=r.attributes,X=w.attributes;let H=0;const Y=F.getAttributes();for(const z in Y)if(Y[z].location>=0){const J=k[z];let ae=X[z];if(ae===void 0&&(z==="instanceMatrix"&&M.instanceMatrix&&(ae=M.instanceMatrix),z==="instanceColor"&&M.instanceColor&&(ae=M.instanceColor)),J===void 0||J.attribute!==ae||ae&&J.data!==ae.data)return!0;H++}return r.attributesNum!==H||r.index!==D}function _(M,w,F,D){const k={},X=w.attributes;let H=0;const Y=F.getAttributes();for(const z in Y)if(Y[z].location>=0){let J=X[z];J===void 0&&(z==="instanceMatrix"&&M.instanceMatrix&&(J=M.instanceMatrix),z==="instanceColor"&&M.instanceColor&&(J=M.instanceColor));const ae={};ae.attribute=J,J&&J.data&&(ae.data=J.data),k[z]=ae,H++}r.attributes=k,r.attributesNum=H,r.index=D}function S(){const M=r.newAttributes;for(let w=0,F=M.length;w<F;w++)M[w]=0}function u(M){h(M,0)}function h(M,w){const F=r.newAttributes,D=r.enabledAttributes,k=r.attributeDivisors;F[M]=1,D[M]===0&&(s.enableVertexAttribArray(M),D[M]=1),k[M]!==w&&(s.vertexAttribDivisor(M,w),k[M]=w)}function C(){const M=r.newAttributes,w=r.enabledAttributes;for(let F=0,D=w.length;F<D;F++)w[F]!==M[F]&&(s.disableVertexAttribArray(F),w[F]=0)}function b(M,w,F,D,k,X,H){H===!0?s.vertexAttribIPointer(M,w,F,k,X):s.vertexAttribPointer(M,w,F,D,k,X)}function y(M,w,F,D){S();const k=D.attributes,X=F.getAttributes(),H=w.defaultAttributeValues;for(const Y in X){const z=X[Y];if(z.location>=0){let K=k[Y];if(K===void 0&&(Y==="instanceMatrix"&&M.instanceMatrix&&(K=M.instanceMatrix),Y==="instanceColor"&&M.instanceColor&&(K=M.instanceColor)),K!==void 0){const J=K.normalized,ae=K.itemSize,ve=e.get(K);if(ve===void 0)continue;const Ie=ve.buffer,Ne=ve.type,Ee=ve.bytesPerElement,$e=Ne===s.INT||Ne===s.UNSIGNED_INT||K.gpuType===1013;if(K.isInterleavedBufferAttribute){const oe=K.data,Ze=oe.stride,Ke=K.offset;if(oe.isInstancedInterleavedBuffer){for(let we=0;we<z.locationSize;we++)h(z.location+we,oe.meshPerAttribute);M.isInstancedMesh!==!0&&D._maxInstanceCount===void 0&&(D._maxInstanceCount=oe.meshPerAttribute*oe.count)}else for(let we=0;we<z.locationSize;we++)u(z.location+we);s.bindBuffer(s.ARRAY_BUFFER,Ie);for(let we=0;we<z.locationSize;we++)b(z.location+we,ae/z.locationSize,Ne,J,Ze*Ee,(Ke+ae/z.locationSize*we)*Ee,$e)}else{if(K.isInstancedBufferAttribute){for(let oe=0;oe<z.locationSize;oe++)h(z.location+oe,K.meshPerAttribute);M.isInstancedMesh!==!0&&D._maxInstanceCount===void 0&&(D._maxInstanceCount=K.meshPerAttribute*K.count)}else for(let oe=0;oe<z.locationSize;oe++)u(z.location+oe);s.bindBuffer(s.ARRAY_BUFFER,Ie);for(let oe=0;oe<z.locationSize;oe++)b(z.location+oe,ae/z.locationSize,Ne,J,ae*Ee,ae/z.locationSize*oe*Ee,$e)}}else if(H!==void 0){const J=H[Y];if(J!==void 0)switch(J.length){case 2:s.vertexAttrib2fv(z.location,J);break;case 3:s.vertexAttrib3fv(z.location,J);break;case 4:s.vertexAttrib4fv(z.location,J);break;default:s.vertexAttrib1fv(z.location,J)}}}}C()}function L(){I();for(const M in i){const w=i[M];for(const F in w){const D=w[F];for(const k in D)c(D[k].object),delete D[k];delete w[F]}delete i[M]}}function O(M){if(i[M.id]===void 0)return;const w=i[M.id];for(const F in w){const D=w[F];for(const k in D)c(D[k].object),delete D[k];delete w[F]}delete i[M.id]}function N(M){for(const w in i){const F=i[w];if(F[M.id]===void 0)continue;const D=F[M.id];for(const k in D)c(D[k].object),delete D[k];delete F[M.id]}}function I(){x(),a=!0,r!==n&&(r=n,l(r.object))}function x(){n.geometry=null,n.program=null,n.wireframe=!1}return{setup:o,reset:I,resetDefaultState:x,dispose:L,releaseStatesOfGeometry:O,releaseStatesOfProgram:N,initAttributes:S,enableAttribute:u,disableUnusedAttributes:C}}function hh(s,e,t){let i;function n(l){i=l}function r(l,c){s.drawArrays(i,l,c),t.update(c,i,1)}function a(l,c,d){d!==0&&(s.drawArraysInstanced(i,l,c,d),t.update(c,i,d))}function o(l,c,d){if(d===0)return;e.get("WEBGL_multi_draw").multiDrawArraysWEBGL(i,l,0,c,0,d);let m=0;for(let _=0;_<d;_++)m+=c[_];t.update(m,i,1)}function f(l,c,d,g){if(d===0)return;const m=e.get("WEBGL_multi_draw");if(m===null)for(let _=0;_<l.length;_++)a(l[_],c[_],g[_]);else{m.multiDrawArraysInstancedWEBGL(i,l,0,c,0,g,0,d);let _=0;for(let S=0;S<d;S++)_+=c[S]*g[S];t.update(_,i,1)}}this.setMode=n,this.render=r,this.renderInstances=a,this.renderMultiDraw=o,this.renderMultiDrawInstances=f}function lh(s,e,t,i){let n;function r(){if(n!==void 0)return n;if(e.has("EXT_texture_filter_anisotropic")===!0){const N=e.get("EXT_texture_filter_anisotropic");n=s.getParameter(N.MAX_TEXTURE_MAX_ANISOTROPY_EXT)}else n=0;return n}function a(N){return!(N!==1023&&i.convert(N)!==s.getParameter(s.IMPLEMENTATION_COLOR_READ_FORMAT))}function o(N){const I=N===1016&&(e.has("EXT_color_buffer_half_float")||e.has("EXT_color_buffer_float"));return!(N!==1009&&i.convert(N)!==s.getParameter(s.IMPLEMENTATION_COLOR_READ_TYPE)&&N!==1015&&!I)}function f(N){if(N==="highp"){if(s.getShaderPrecisionFormat(s.VERTEX_SHADER,s.HIGH_FLOAT).precision>0&&s.getShaderPrecisionFormat(s.FRAGMENT_SHADER,s.HIGH_FLOAT).precision>0)return"highp";N="mediump"}return N==="mediump"&&s.getShaderPrecisionFormat(s.VERTEX_SHADER,s.MEDIUM_FLOAT).precision>0&&s.getShaderPrecisionFormat(s.FRAGMENT_SHADER,s.MEDIUM_FLOAT).precision>0?"mediump":"lowp"}let l=t.precision!==void 0?t.precision:"highp";const c=f(l);c!==l&&(console.warn("THREE.WebGLRenderer:",l,"not supported, using",c,"instead."),l=c);const d=t.logarithmicDepthBuffer===!0,g=t.reversedDepthBuffer===!0&&e.has("EXT_clip_control"),m=s.getParameter(s.MAX_TEXTURE_IMAGE_UNITS),_=s.getParameter(s.MAX_VERTEX_TEXTURE_IMAGE_UNITS),S=s.getParameter(s.MAX_TEXTURE_SIZE),u=s.getParameter(s.MAX_CUBE_MAP_TEXTURE_SIZE),h=s.getParameter(s.MAX_VERTEX_ATTRIBS),C=s.getParameter(s.MAX_VERTEX_UNIFORM_VECTORS),b=s.getParameter(s.MAX_VARYING_VECTORS),y=s.getParameter(s.MAX_FRAGMENT_UNIFORM_VECTORS),L=_>0,O=s.getParameter(s.MAX_SAMPLES);return{isWebGL2:!0,getMaxAnisotropy:r,getMaxPrecision:f,textureFormatReadable:a,textureTypeReadable:o,precision:l,logarithmicDepthBuffer:d,reversedDepthBuffer:g,maxTextures:m,maxVertexTextures:_,maxTextureSize:S,maxCubemapSize:u,maxAttributes:h,maxVertexUniforms:C,maxVaryings:b,maxFragmentUniforms:y,vertexTextures:L,maxSamples:O}}function ch(s){const e=this;let t=null,i=0,n=!1,r=!1;const a=new ti,o=new he,f={value:null,needsUpdate:!1};this.uniform=f,this.numPlanes=0,this.numIntersection=0,this.init=function(d,g){const m=d.length!==0||g||i!==0||n;return n=g,i=d.length,m},this.beginShadows=function(){r=!0,c(null)},this.endShadows=function(){r=!1},this.setGlobalState=function(d,g){t=c(d,g,0)},this.setState=function(d,g,m){const _=d.clippingPlanes,S=d.clipIntersection,u=d.clipShadows,h=s.get(d);if(!n||_===null||_.length===0||r&&!u)r?c(null):l();else{const C=r?0:i,b=C*4;let y=h.clippingState||null;f.value=y,y=c(_,g,b,m);for(let L=0;L!==b;++L)y[L]=t[L];h.clippingState=y,this.numIntersection=S?this.numPlanes:0,this.numPlanes+=C}};function l(){f.value!==t&&(f.value=t,f.needsUpdate=i>0),e.numPlanes=i,e.numIntersection=0}function c(d,g,m,_){const S=d!==null?d.length:0;let u=null;if(S!==0){if(u=f.value,_!==!0||u===null){const h=m+S*4,C=g.matrixWorldInverse;o.getNormalMatrix(C),(u===null||u.length<h)&&(u=new Float32Array(h));for(let b=0,y=m;b!==S;++b,y+=4)a.copy(d[b]).applyMatrix4(C,o),a.normal.toArray(u,y),u[y+3]=a.constant}f.value=u,f.needsUpdate=!0}return e.numPlanes=S,e.numIntersection=0,u}}function uh(){return{get:s=>s,dispose(){}}}function fh(){return{get:s=>s,dispose(){}}}function dh(s){const e={};function t(i){if(e[i]!==void 0)return e[i];let n;switch(i){case"WEBGL_depth_texture":n=s.getExtension("WEBGL_depth_texture")||s.getExtension("MOZ_WEBGL_depth_texture")||s.getExtension("WEBKIT_WEBGL_depth_texture");break;case"EXT_texture_filter_anisotropic":n=s.getExtension("EXT_texture_filter_anisotropic")||s.getExtension("MOZ_EXT_texture_filter_anisotropic")||s.getExtension("WEBKIT_EXT_texture_filter_anisotropic");break;case"WEBGL_compressed_texture_s3tc":n=s.getExtension("WEBGL_compressed_texture_s3tc")||s.getExtension("MOZ_WEBGL_compressed_texture_s3tc")||s.getExtension("WEBKIT_WEBGL_compressed_texture_s3tc");break;case"WEBGL_compressed_texture_pvrtc":n=s.getExtension("WEBGL_compressed_texture_pvrtc")||s.getExtension("WEBKIT_WEBGL_compressed_texture_pvrtc");break;default:n=s.getExtension(i)}return e[i]=n,n}return{has:function(i){return t(i)!==null},init:function(){t("EXT_color_buffer_float"),t("WEBGL_clip_cull_distance"),t("OES_texture_float_linear"),t("EXT_color_buffer_half_float"),t("WEBGL_multisampled_render_to_texture"),t("WEBGL_render_shared_exponent")},get:function(i){const n=t(i);return n===null&&Ai("THREE.WebGLRenderer: "+i+" extension not supported."),n}}}function ph(s,e,t,i){const n={},r=new WeakMap;function a(d){const g=d.target;g.index!==null&&e.remove(g.index);for(const _ in g.attributes)e.remove(g.attributes[_]);g.removeEventListener("dispose",a),delete n[g.id];const m=r.get(g);m&&(e.remove(m),r.delete(g)),i.releaseStatesOfGeometry(g),g.isInstancedBufferGeometry===!0&&delete g._maxInstanceCount,t.memory.geometries--}function o(d,g){return n[g.id]===!0||(g.addEventListener("dispose",a),n[g.id]=!0,t.memory.geometries++),g}function f(d){const g=d.attributes;for(const m in g)e.update(g[m],s.ARRAY_BUFFER)}function l(d){const g=[],m=d.index,_=d.attributes.position;let S=0;if(m!==null){const C=m.array;S=m.version;for(let b=0,y=C.length;b<y;b+=3){const L=C[b+0],O=C[b+1],N=C[b+2];g.push(L,O,O,N,N,L)}}else if(_!==void 0){const C=_.array;S=_.version;for(let b=0,y=C.length/3-1;b<y;b+=3){const L=b+0,O=b+1,N=b+2;g.push(L,O,O,N,N,L)}}else return;const u=new(xs(g)?Es:vs)(g,1);u.version=S;const h=r.get(d);h&&e.remove(h),r.set(d,u)}function c(d){const g=r.get(d);if(g){const m=d.index;m!==null&&g.version<m.version&&l(d)}else l(d);return r.get(d)}return{get:o,update:f,getWireframeAttribute:c}}function mh(s,e,t){let i;function n(g){i=g}let r,a;function o(g){r=g.type,a=g.bytesPerElement}function f(g,m){s.drawElements(i,m,r,g*a),t.update(m,i,1)}function l(g,m,_){_!==0&&(s.drawElementsInstanced(i,m,r,g*a,_),t.update(m,i,_))}function c(g,m,_){if(_===0)return;e.get("WEBGL_multi_draw").multiDrawElementsWEBGL(i,m,0,r,g,0,_);let u=0;for(let h=0;h<_;h++)u+=m[h];t.update(u,i,1)}function d(g,m,_,S){if(_===0)return;const u=e.get("WEBGL_multi_draw");if(u===null)for(let h=0;h<g.length;h++)l(g[h]/a,m[h],S[h]);else{u.multiDrawElementsInstancedWEBGL(i,m,0,r,g,0,S,0,_);let h=0;for(let C=0;C<_;C++)h+=m[C]*S[C];t.update(h,i,1)}}this.setMode=n,this.setIndex=o,this.render=f,this.renderInstances=l,this.renderMultiDraw=c,this.renderMultiDrawInstances=d}function gh(s){const e={geometries:0,textures:0},t={frame:0,calls:0,triangles:0,points:0,lines:0};function i(r,a,o){switch(t.calls++,a){case s.TRIANGLES:t.triangles+=o*(r/3);break;case s.LINES:t.lines+=o*(r/2);break;case s.LINE_STRIP:t.lines+=o*(r-1);break;case s.LINE_LOOP:t.lines+=o*r;break;case s.POINTS:t.points+=o*r;break;default:console.error("THREE.WebGLInfo: Unknown draw mode:",a);break}}function n(){t.calls=0,t.triangles=0,t.points=0,t.lines=0}return{memory:e,render:t,programs:null,autoReset:!0,reset:n,update:i}}function _h(){return{update(){}}}function xh(s,e,t,i){let n=new WeakMap;function r(f){const l=i.render.frame,c=f.geometry,d=e.get(f,c);if(n.get(d)!==l&&(e.update(d),n.set(d,l)),f.isInstancedMesh&&(f.hasEventListener("dispose",o)===!1&&f.addEventListener("dispose",o),n.get(f)!==l&&(t.update(f.instanceMatrix,s.ARRAY_BUFFER),f.instanceColor!==null&&t.update(f.instanceColor,s.ARRAY_BUFFER),n.set(f,l))),f.isSkinnedMesh){const g=f.skeleton;n.get(g)!==l&&(g.update(),n.set(g,l))}return d}function a(){n=new WeakMap}function o(f){const l=f.target;l.removeEventListener("dispose",o),t.remove(l.instanceMatrix),l.instanceColor!==null&&t.remove(l.instanceColor)}return{update:r,dispose:a}}const Rs=new lt,ts=new Mr(1,1),Us=new Ks,Is=new Qs,Ds=new pr,is=[],ns=[],ss=new Float32Array(16),rs=new Float32Array(9),as=new Float32Array(4);function gi(s,e,t){const i=s[0];if(i<=0||i>0)return s;const n=e*t;let r=is[n];if(r===void 0&&(r=new Float32Array(n),is[n]=r),e!==0){i.toArray(r,0);for(let a=1,o=0;a!==e;++a)o+=t,s[a].toArray(r,o)}return r}function De(s,e){if(s.length!==e.length)return!1;for(let t=0,i=s.length;t<i;t++)if(s[t]!==e[t])return!1;return!0}function Fe(s,e){for(let t=0,i=e.length;t<i;t++)s[t]=e[t]}function Ki(s,e){let t=ns[e];t===void 0&&(t=new Int32Array(e),ns[e]=t);for(let i=0;i!==e;++i)t[i]=s.allocateTextureUnit();return t}function Mh(s,e){const t=this.cache;t[0]!==e&&(s.uniform1f(this.addr,e),t[0]=e)}function Sh(s,e){const t=this.cache;if(e.x!==void 0)(t[0]!==e.x||t[1]!==e.y)&&(s.uniform2f(this.addr,e.x,e.y),t[0]=e.x,t[1]=e.y);else{if(De(t,e))return;s.uniform2fv(this.addr,e),Fe(t,e)}}function yh(s,e){const t=this.cache;if(e.x!==void 0)(t[0]!==e.x||t[1]!==e.y||t[2]!==e.z)&&(s.uniform3f(this.addr,e.x,e.y,e.z),t[0]=e.x,t[1]=e.y,t[2]=e.z);else if(e.r!==void 0)(t[0]!==e.r||t[1]!==e.g||t[2]!==e.b)&&(s.uniform3f(this.addr,e.r,e.g,e.b),t[0]=e.r,t[1]=e.g,t[2]=e.b);else{if(De(t,e))return;s.uniform3fv(this.addr,e),Fe(t,e)}}function vh(s,e){const t=this.cache;if(e.x!==void 0)(t[0]!==e.x||t[1]!==e.y||t[2]!==e.z||t[3]!==e.w)&&(s.uniform4f(this.addr,e.x,e.y,e.z,e.w),t[0]=e.x,t[1]=e.y,t[2]=e.z,t[3]=e.w);else{if(De(t,e))return;s.uniform4fv(this.addr,e),Fe(t,e)}}function Eh(s,e){const t=this.cache,i=e.elements;if(i===void 0){if(De(t,e))return;s.uniformMatrix2fv(this.addr,!1,e),Fe(t,e)}else{if(De(t,i))return;as.set(i),s.uniformMatrix2fv(this.addr,!1,as),Fe(t,i)}}function Ah(s,e){const t=this.cache,i=e.elements;if(i===void 0){if(De(t,e))return;s.uniformMatrix3fv(this.addr,!1,e),Fe(t,e)}else{if(De(t,i))return;rs.set(i),s.uniformMatrix3fv(this.addr,!1,rs),Fe(t,i)}}function Th(s,e){const t=this.cache,i=e.elements;if(i===void 0){if(De(t,e))return;s.uniformMatrix4fv(this.addr,!1,e),Fe(t,e)}else{if(De(t,i))return;ss.set(i),s.uniformMatrix4fv(this.addr,!1,ss),Fe(t,i)}}function bh(s,e){const t=this.cache;t[0]!==e&&(s.uniform1i(this.addr,e),t[0]=e)}function wh(s,e){const t=this.cache;if(e.x!==void 0)(t[0]!==e.x||t[1]!==e.y)&&(s.uniform2i(this.addr,e.x,e.y),t[0]=e.x,t[1]=e.y);else{if(De(t,e))return;s.uniform2iv(this.addr,e),Fe(t,e)}}function Ch(s,e){const t=this.cache;if(e.x!==void 0)(t[0]!==e.x||t[1]!==e.y||t[2]!==e.z)&&(s.uniform3i(this.addr,e.x,e.y,e.z),t[0]=e.x,t[1]=e.y,t[2]=e.z);else{if(De(t,e))return;s.uniform3iv(this.addr,e),Fe(t,e)}}function Lh(s,e){const t=this.cache;if(e.x!==void 0)(t[0]!==e.x||t[1]!==e.y||t[2]!==e.z||t[3]!==e.w)&&(s.uniform4i(this.addr,e.x,e.y,e.z,e.w),t[0]=e.x,t[1]=e.y,t[2]=e.z,t[3]=e.w);else{if(De(t,e))return;s.uniform4iv(this.addr,e),Fe(t,e)}}function Ph(s,e){const t=this.cache;t[0]!==e&&(s.uniform1ui(this.addr,e),t[0]=e)}function Rh(s,e){const t=this.cache;if(e.x!==void 0)(t[0]!==e.x||t[1]!==e.y)&&(s.uniform2ui(this.addr,e.x,e.y),t[0]=e.x,t[1]=e.y);else{if(De(t,e))return;s.uniform2uiv(this.addr,e),Fe(t,e)}}function Uh(s,e){const t=this.cache;if(e.x!==void 0)(t[0]!==e.x||t[1]!==e.y||t[2]!==e.z)&&(s.uniform3ui(this.addr,e.x,e.y,e.z),t[0]=e.x,t[1]=e.y,t[2]=e.z);else{if(De(t,e))return;s.uniform3uiv(this.addr,e),Fe(t,e)}}function Ih(s,e){const t=this.cache;if(e.x!==void 0)(t[0]!==e.x||t[1]!==e.y||t[2]!==e.z||t[3]!==e.w)&&(s.uniform4ui(this.addr,e.x,e.y,e.z,e.w),t[0]=e.x,t[1]=e.y,t[2]=e.z,t[3]=e.w);else{if(De(t,e))return;s.uniform4uiv(this.addr,e),Fe(t,e)}}function Dh(s,e,t){const i=this.cache,n=t.allocateTextureUnit();i[0]!==n&&(s.uniform1i(this.addr,n),i[0]=n);let r;this.type===s.SAMPLER_2D_SHADOW?(ts.compareFunction=515,r=ts):r=Rs,t.setTexture2D(e||r,n)}function Fh(s,e,t){const i=this.cache,n=t.allocateTextureUnit();i[0]!==n&&(s.uniform1i(this.addr,n),i[0]=n),t.setTexture3D(e||Is,n)}function Nh(s,e,t){const i=this.cache,n=t.allocateTextureUnit();i[0]!==n&&(s.uniform1i(this.addr,n),i[0]=n),t.setTextureCube(e||Ds,n)}function Oh(s,e,t){const i=this.cache,n=t.allocateTextureUnit();i[0]!==n&&(s.uniform1i(this.addr,n),i[0]=n),t.setTexture2DArray(e||Us,n)}function Bh(s){switch(s){case 5126:return Mh;case 35664:return Sh;case 35665:return yh;case 35666:return vh;case 35674:return Eh;case 35675:return Ah;case 35676:return Th;case 5124:case 35670:return bh;case 35667:case 35671:return wh;case 35668:case 35672:return Ch;case 35669:case 35673:return Lh;case 5125:return Ph;case 36294:return Rh;case 36295:return Uh;case 36296:return Ih;case 35678:case 36198:case 36298:case 36306:case 35682:return Dh;case 35679:case 36299:case 36307:return Fh;case 35680:case 36300:case 36308:case 36293:return Nh;case 36289:case 36303:case 36311:case 36292:return Oh}}function zh(s,e){s.uniform1fv(this.addr,e)}function kh(s,e){const t=gi(e,this.size,2);s.uniform2fv(this.addr,t)}function Hh(s,e){const t=gi(e,this.size,3);s.uniform3fv(this.addr,t)}function Gh(s,e){const t=gi(e,this.size,4);s.uniform4fv(this.addr,t)}function Vh(s,e){const t=gi(e,this.size,4);s.uniformMatrix2fv(this.addr,!1,t)}function Wh(s,e){const t=gi(e,this.size,9);s.uniformMatrix3fv(this.addr,!1,t)}function Xh(s,e){const t=gi(e,this.size,16);s.uniformMatrix4fv(this.addr,!1,t)}function qh(s,e){s.uniform1iv(this.addr,e)}function Yh(s,e){s.uniform2iv(this.addr,e)}function $h(s,e){s.uniform3iv(this.addr,e)}function Zh(s,e){s.uniform4iv(this.addr,e)}function Kh(s,e){s.uniform1uiv(this.addr,e)}function Qh(s,e){s.uniform2uiv(this.addr,e)}function Jh(s,e){s.uniform3uiv(this.addr,e)}function jh(s,e){s.uniform4uiv(this.addr,e)}function el(s,e,t){const i=this.cache,n=e.length,r=Ki(t,n);De(i,r)||(s.uniform1iv(this.addr,r),Fe(i,r));for(let a=0;a!==n;++a)t.setTexture2D(e[a]||Rs,r[a])}function tl(s,e,t){const i=this.cache,n=e.length,r=Ki(t,n);De(i,r)||(s.uniform1iv(this.addr,r),Fe(i,r));for(let a=0;a!==n;++a)t.setTexture3D(e[a]||Is,r[a])}function il(s,e,t){const i=this.cache,n=e.length,r=Ki(t,n);De(i,r)||(s.uniform1iv(this.addr,r),Fe(i,r));for(let a=0;a!==n;++a)t.setTextureCube(e[a]||Ds,r[a])}function nl(s,e,t){const i=this.cache,n=e.length,r=Ki(t,n);De(i,r)||(s.uniform1iv(this.addr,r),Fe(i,r));for(let a=0;a!==n;++a)t.setTexture2DArray(e[a]||Us,r[a])}function sl(s){switch(s){case 5126:return zh;case 35664:return kh;case 35665:return Hh;case 35666:return Gh;case 35674:return Vh;case 35675:return Wh;case 35676:return Xh;case 5124:case 35670:return qh;case 35667:case 35671:return Yh;case 35668:case 35672:return $h;case 35669:case 35673:return Zh;case 5125:return Kh;case 36294:return Qh;case 36295:return Jh;case 36296:return jh;case 35678:case 36198:case 36298:case 36306:case 35682:return el;case 35679:case 36299:case 36307:return tl;case 35680:case 36300:case 36308:case 36293:return il;case 36289:case 36303:case 36311:case 36292:return nl}}class rl{constructor(e,t,i){this.id=e,this.addr=i,this.cache=[],this.type=t.type,this.setValue=Bh(t.type)}}class al{constructor(e,t,i){this.id=e,this.addr=i,this.cache=[],this.type=t.type,this.size=t.size,this.setValue=sl(t.type)}}class ol{constructor(e){this.id=e,this.seq=[],this.map={}}setValue(e,t,i){const n=this.seq;for(let r=0,a=n.length;r!==a;++r){const o=n[r];o.setValue(e,t[o.id],i)}}}const Sn=/(\w+)(\])?(\[|\.)?/g;function os(s,e){s.seq.push(e),s.map[e.id]=e}function hl(s,e,t){const i=s.name,n=i.length;for(Sn.lastIndex=0;;){const r=Sn.exec(i),a=Sn.lastIndex;let o=r[1];const f=r[2]==="]",l=r[3];if(f&&(o=o|0),l===void 0||l==="["&&a+2===n){os(t,l===void 0?new rl(o,s,e):new al(o,s,e));break}else{let d=t.map[o];d===void 0&&(d=new ol(o),os(t,d)),t=d}}}class Yi{constructor(e,t){this.seq=[],this.map={};const i=e.getProgramParameter(t,e.ACTIVE_UNIFORMS);for(let n=0;n<i;++n){const r=e.getActiveUniform(t,n),a=e.getUniformLocation(t,r.name);hl(r,a,this)}}setValue(e,t,i,n){const r=this.map[t];r!==void 0&&r.setValue(e,i,n)}setOptional(e,t,i){const n=t[i];n!==void 0&&this.setValue(e,i,n)}static upload(e,t,i,n){for(let r=0,a=t.length;r!==a;++r){const o=t[r],f=i[o.id];f.needsUpdate!==!1&&o.setValue(e,f.value,n)}}static seqWithValue(e,t){const i=[];for(let n=0,r=e.length;n!==r;++n){const a=e[n];a.id in t&&i.push(a)}return i}}function hs(s,e,t){const i=s.createShader(e);return s.shaderSource(i,t),s.compileShader(i),i}const ll=37297;let cl=0;function ul(s,e){const t=s.split(`
`),i=[],n=Math.max(e-6,0),r=Math.min(e+6,t.length);for(let a=n;a<r;a++){const o=a+1;i.push(`${o===e?">":" "} ${o}: ${t[a]}`)}return i.join(`
`)}const ls=new he;function fl(s){be._getMatrix(ls,be.workingColorSpace,s);const e=`mat3( ${ls.elements.map(t=>t.toFixed(4))} )`;switch(be.getTransfer(s)){case yn:return[e,"LinearTransferOETF"];case Vt:return[e,"sRGBTransferOETF"];default:return console.warn("THREE.WebGLProgram: Unsupported color space: ",s),[e,"LinearTransferOETF"]}}function cs(s,e,t){const i=s.getShaderParameter(e,s.COMPILE_STATUS),r=(s.getShaderInfoLog(e)||"").trim();if(i&&r==="")return"";const a=/ERROR: 0:(\d+)/.exec(r);if(a){const o=parseInt(a[1]);return t.toUpperCase()+`

`+r+`

`+ul(s.getShaderSource(e),o)}else return r}function dl(s,e){const t=fl(e);return[`vec4 ${s}( vec4 value ) {`,`	return ${t[1]}( vec4( value.rgb * ${t[0]}, value.a ) );`,"}"].join(`
`)}function pl(s,e){let t;switch(e){case 1:t="Linear";break;case 2:t="Reinhard";break;case 3:t="Cineon";break;case 4:t="ACESFilmic";break;case 6:t="AgX";break;case 7:t="Neutral";break;case 5:t="Custom";break;default:console.warn("THREE.WebGLProgram: Unsupported toneMapping:",e),t="Linear"}return"vec3 "+s+"( vec3 color ) { return "+t+"ToneMapping( color ); }"}const qi=new U;function ml(){be.getLuminanceCoefficients(qi);const s=qi.x.toFixed(4),e=qi.y.toFixed(4),t=qi.z.toFixed(4);return["float luminance( const in vec3 rgb ) {",`	const vec3 weights = vec3( ${s}, ${e}, ${t} );`,"	return dot( weights, rgb );","}"].join(`
`)}function gl(s){return[s.extensionClipCullDistance?"#extension GL_ANGLE_clip_cull_distance : require":"",s.extensionMultiDraw?"#extension GL_ANGLE_multi_draw : require":""].filter(Ei).join(`
`)}function _l(s){const e=[];for(const t in s){const i=s[t];i!==!1&&e.push("#define "+t+" "+i)}return e.join(`
`)}function xl(s,e){const t={},i=s.getProgramParameter(e,s.ACTIVE_ATTRIBUTES);for(let n=0;n<i;n++){const r=s.getActiveAttrib(e,n),a=r.name;let o=1;r.type===s.FLOAT_MAT2&&(o=2),r.type===s.FLOAT_MAT3&&(o=3),r.type===s.FLOAT_MAT4&&(o=4),t[a]={type:r.type,location:s.getAttribLocation(e,a),locationSize:o}}return t}function Ei(s){return s!==""}function us(s,e){const t=e.numSpotLightShadows+e.numSpotLightMaps-e.numSpotLightShadowsWithMaps;return s.replace(/NUM_DIR_LIGHTS/g,e.numDirLights).replace(/NUM_SPOT_LIGHTS/g,e.numSpotLights).replace(/NUM_SPOT_LIGHT_MAPS/g,e.numSpotLightMaps).replace(/NUM_SPOT_LIGHT_COORDS/g,t).replace(/NUM_RECT_AREA_LIGHTS/g,e.numRectAreaLights).replace(/NUM_POINT_LIGHTS/g,e.numPointLights).replace(/NUM_HEMI_LIGHTS/g,e.numHemiLights).replace(/NUM_DIR_LIGHT_SHADOWS/g,e.numDirLightShadows).replace(/NUM_SPOT_LIGHT_SHADOWS_WITH_MAPS/g,e.numSpotLightShadowsWithMaps).replace(/NUM_SPOT_LIGHT_SHADOWS/g,e.numSpotLightShadows).replace(/NUM_POINT_LIGHT_SHADOWS/g,e.numPointLightShadows)}function fs(s,e){return s.replace(/NUM_CLIPPING_PLANES/g,e.numClippingPlanes).replace(/UNION_CLIPPING_PLANES/g,e.numClippingPlanes-e.numClipIntersection)}const Ml=/^[ \t]*#include +<([\w\d./]+)>/gm;function vn(s){return s.replace(Ml,yl)}const Sl=new Map;function yl(s,e){let t=ce[e];if(t===void 0){const i=Sl.get(e);if(i!==void 0)t=ce[i],console.warn('THREE.WebGLRenderer: Shader chunk "%s" has been deprecated. Use "%s" instead.',e,i);else throw new Error("Can not resolve #include <"+e+">")}return vn(t)}const vl=/#pragma unroll_loop_start\s+for\s*\(\s*int\s+i\s*=\s*(\d+)\s*;\s*i\s*<\s*(\d+)\s*;\s*i\s*\+\+\s*\)\s*{([\s\S]+?)}\s+#pragma unroll_loop_end/g;function ds(s){return s.replace(vl,El)}function El(s,e,t,i){let n="";for(let r=parseInt(e);r<parseInt(t);r++)n+=i.replace(/\[\s*i\s*\]/g,"[ "+r+" ]").replace(/UNROLLED_LOOP_INDEX/g,r);return n}function ps(s){let e=`precision ${s.precision} float;
	precision ${s.precision} int;
	precision ${s.precision} sampler2D;
	precision ${s.precision} samplerCube;
	precision ${s.precision} sampler3D;
	precision ${s.precision} sampler2DArray;
	precision ${s.precision} sampler2DShadow;
	precision ${s.precision} samplerCubeShadow;
	precision ${s.precision} sampler2DArrayShadow;
	precision ${s.precision} isampler2D;
	precision ${s.precision} isampler3D;
	precision ${s.precision} isamplerCube;
	precision ${s.precision} isampler2DArray;
	precision ${s.precision} usampler2D;
	precision ${s.precision} usampler3D;
	precision ${s.precision} usamplerCube;
	precision ${s.precision} usampler2DArray;
	`;return s.precision==="highp"?e+=`
#define HIGH_PRECISION`:s.precision==="mediump"?e+=`
#define MEDIUM_PRECISION`:s.precision==="lowp"&&(e+=`
#define LOW_PRECISION`),e}function Al(s){let e="SHADOWMAP_TYPE_BASIC";return s.shadowMapType===1?e="SHADOWMAP_TYPE_PCF":s.shadowMapType===2?e="SHADOWMAP_TYPE_PCF_SOFT":s.shadowMapType===3&&(e="SHADOWMAP_TYPE_VSM"),e}function Tl(s){let e="ENVMAP_TYPE_CUBE";if(s.envMap)switch(s.envMapMode){case 301:case 302:e="ENVMAP_TYPE_CUBE";break;case 306:e="ENVMAP_TYPE_CUBE_UV";break}return e}function bl(s){let e="ENVMAP_MODE_REFLECTION";if(s.envMap)switch(s.envMapMode){case 302:e="ENVMAP_MODE_REFRACTION";break}return e}function wl(s){let e="ENVMAP_BLENDING_NONE";if(s.envMap)switch(s.combine){case 0:e="ENVMAP_BLENDING_MULTIPLY";break;case 1:e="ENVMAP_BLENDING_MIX";break;case 2:e="ENVMAP_BLENDING_ADD";break}return e}function Cl(s){const e=s.envMapCubeUVHeight;if(e===null)return null;const t=Math.log2(e)-2,i=1/e;return{texelWidth:1/(3*Math.max(Math.pow(2,t),112)),texelHeight:i,maxMip:t}}function Ll(s,e,t,i){const n=s.getContext(),r=t.defines;let a=t.vertexShader,o=t.fragmentShader;const f=Al(t),l=Tl(t),c=bl(t),d=wl(t),g=Cl(t),m=gl(t),_=_l(r),S=n.createProgram();let u,h,C=t.glslVersion?"#version "+t.glslVersion+`
`:"";t.isRawShaderMaterial?(u=["#define SHADER_TYPE "+t.shaderType,"#define SHADER_NAME "+t.shaderName,_].filter(Ei).join(`
`),u.length>0&&(u+=`
`),h=["#define SHADER_TYPE "+t.shaderType,"#define SHADER_NAME "+t.shaderName,_].filter(Ei).join(`
`),h.length>0&&(h+=`
`)):(u=[ps(t),"#define SHADER_TYPE "+t.shaderType,"#define SHADER_NAME "+t.shaderName,_,t.extensionClipCullDistance?"#define USE_CLIP_DISTANCE":"",t.batching?"#define USE_BATCHING":"",t.batchingColor?"#define USE_BATCHING_COLOR":"",t.instancing?"#define USE_INSTANCING":"",t.instancingColor?"#define USE_INSTANCING_COLOR":"",t.instancingMorph?"#define USE_INSTANCING_MORPH":"",t.useFog&&t.fog?"#define USE_FOG":"",t.useFog&&t.fogExp2?"#define FOG_EXP2":"",t.map?"#define USE_MAP":"",t.envMap?"#define USE_ENVMAP":"",t.envMap?"#define "+c:"",t.lightMap?"#define USE_LIGHTMAP":"",t.aoMap?"#define USE_AOMAP":"",t.bumpMap?"#define USE_BUMPMAP":"",t.normalMap?"#define USE_NORMALMAP":"",t.normalMapObjectSpace?"#define USE_NORMALMAP_OBJECTSPACE":"",t.normalMapTangentSpace?"#define USE_NORMALMAP_TANGENTSPACE":"",t.displacementMap?"#define USE_DISPLACEMENTMAP":"",t.emissiveMap?"#define USE_EMISSIVEMAP":"",t.anisotropy?"#define USE_ANISOTROPY":"",t.anisotropyMap?"#define USE_ANISOTROPYMAP":"",t.clearcoatMap?"#define USE_CLEARCOATMAP":"",t.clearcoatRoughnessMap?"#define USE_CLEARCOAT_ROUGHNESSMAP":"",t.clearcoatNormalMap?"#define USE_CLEARCOAT_NORMALMAP":"",t.iridescenceMap?"#define USE_IRIDESCENCEMAP":"",t.iridescenceThicknessMap?"#define USE_IRIDESCENCE_THICKNESSMAP":"",t.specularMap?"#define USE_SPECULARMAP":"",t.specularColorMap?"#define USE_SPECULAR_COLORMAP":"",t.specularIntensityMap?"#define USE_SPECULAR_INTENSITYMAP":"",t.roughnessMap?"#define USE_ROUGHNESSMAP":"",t.metalnessMap?"#define USE_METALNESSMAP":"",t.alphaMap?"#define USE_ALPHAMAP":"",t.alphaHash?"#define USE_ALPHAHASH":"",t.transmission?"#define USE_TRANSMISSION":"",t.transmissionMap?"#define USE_TRANSMISSIONMAP":"",t.thicknessMap?"#define USE_THICKNESSMAP":"",t.sheenColorMap?"#define USE_SHEEN_COLORMAP":"",t.sheenRoughnessMap?"#define USE_SHEEN_ROUGHNESSMAP":"",t.mapUv?"#define MAP_UV "+t.mapUv:"",t.alphaMapUv?"#define ALPHAMAP_UV "+t.alphaMapUv:"",t.lightMapUv?"#define LIGHTMAP_UV "+t.lightMapUv:"",t.aoMapUv?"#define AOMAP_UV "+t.aoMapUv:"",t.emissiveMapUv?"#define EMISSIVEMAP_UV "+t.emissiveMapUv:"",t.bumpMapUv?"#define BUMPMAP_UV "+t.bumpMapUv:"",t.normalMapUv?"#define NORMALMAP_UV "+t.normalMapUv:"",t.displacementMapUv?"#define DISPLACEMENTMAP_UV "+t.displacementMapUv:"",t.metalnessMapUv?"#define METALNESSMAP_UV "+t.metalnessMapUv:"",t.roughnessMapUv?"#define ROUGHNESSMAP_UV "+t.roughnessMapUv:"",t.anisotropyMapUv?"#define ANISOTROPYMAP_UV "+t.anisotropyMapUv:"",t.clearcoatMapUv?"#define CLEARCOATMAP_UV "+t.clearcoatMapUv:"",t.clearcoatNormalMapUv?"#define CLEARCOAT_NORMALMAP_UV "+t.clearcoatNormalMapUv:"",t.clearcoatRoughnessMapUv?"#define CLEARCOAT_ROUGHNESSMAP_UV "+t.clearcoatRoughnessMapUv:"",t.iridescenceMapUv?"#define IRIDESCENCEMAP_UV "+t.iridescenceMapUv:"",t.iridescenceThicknessMapUv?"#define IRIDESCENCE_THICKNESSMAP_UV "+t.iridescenceThicknessMapUv:"",t.sheenColorMapUv?"#define SHEEN_COLORMAP_UV "+t.sheenColorMapUv:"",t.sheenRoughnessMapUv?"#define SHEEN_ROUGHNESSMAP_UV "+t.sheenRoughnessMapUv:"",t.specularMapUv?"#define SPECULARMAP_UV "+t.specularMapUv:"",t.specularColorMapUv?"#define SPECULAR_COLORMAP_UV "+t.specularColorMapUv:"",t.specularIntensityMapUv?"#define SPECULAR_INTENSITYMAP_UV "+t.specularIntensityMapUv:"",t.transmissionMapUv?"#define TRANSMISSIONMAP_UV "+t.transmissionMapUv:"",t.thicknessMapUv?"#define THICKNESSMAP_UV "+t.thicknessMapUv:"",t.vertexTangents&&t.flatShading===!1?"#define USE_TANGENT":"",t.vertexColors?"#define USE_COLOR":"",t.vertexAlphas?"#define USE_COLOR_ALPHA":"",t.vertexUv1s?"#define USE_UV1":"",t.vertexUv2s?"#define USE_UV2":"",t.vertexUv3s?"#define USE_UV3":"",t.pointsUvs?"#define USE_POINTS_UV":"",t.flatShading?"#define FLAT_SHADED":"",t.skinning?"#define USE_SKINNING":"",t.morphTargets?"#define USE_MORPHTARGETS":"",t.morphNormals&&t.flatShading===!1?"#define USE_MORPHNORMALS":"",t.morphColors?"#define USE_MORPHCOLORS":"",t.morphTargetsCount>0?"#define MORPHTARGETS_TEXTURE_STRIDE "+t.morphTextureStride:"",t.morphTargetsCount>0?"#define MORPHTARGETS_COUNT "+t.morphTargetsCount:"",t.doubleSided?"#define DOUBLE_SIDED":"",t.flipSided?"#define FLIP_SIDED":"",t.shadowMapEnabled?"#define USE_SHADOWMAP":"",t.shadowMapEnabled?"#define "+f:"",t.sizeAttenuation?"#define USE_SIZEATTENUATION":"",t.numLightProbes>0?"#define USE_LIGHT_PROBES":"",t.logarithmicDepthBuffer?"#define USE_LOGARITHMIC_DEPTH_BUFFER":"",t.reversedDepthBuffer?"#define USE_REVERSED_DEPTH_BUFFER":"","uniform mat4 modelMatrix;","uniform mat4 modelViewMatrix;","uniform mat4 projectionMatrix;","uniform mat4 viewMatrix;","uniform mat3 normalMatrix;","uniform vec3 cameraPosition;","uniform bool isOrthographic;","#ifdef USE_INSTANCING","	attribute mat4 instanceMatrix;","#endif","#ifdef USE_INSTANCING_COLOR","	attribute vec3 instanceColor;","#endif","#ifdef USE_INSTANCING_MORPH","	uniform sampler2D morphTexture;","#endif","attribute vec3 position;","attribute vec3 normal;","attribute vec2 uv;","#ifdef USE_UV1","	attribute vec2 uv1;","#endif","#ifdef USE_UV2","	attribute vec2 uv2;","#endif","#ifdef USE_UV3","	attribute vec2 uv3;","#endif","#ifdef USE_TANGENT","	attribute vec4 tangent;","#endif","#if defined( USE_COLOR_ALPHA )","	attribute vec4 color;","#elif defined( USE_COLOR )","	attribute vec3 color;","#endif","#ifdef USE_SKINNING","	attribute vec4 skinIndex;","	attribute vec4 skinWeight;","#endif",`
`].filter(Ei).join(`
`),h=[ps(t),"#define SHADER_TYPE "+t.shaderType,"#define SHADER_NAME "+t.shaderName,_,t.useFog&&t.fog?"#define USE_FOG":"",t.useFog&&t.fogExp2?"#define FOG_EXP2":"",t.alphaToCoverage?"#define ALPHA_TO_COVERAGE":"",t.map?"#define USE_MAP":"",t.matcap?"#define USE_MATCAP":"",t.envMap?"#define USE_ENVMAP":"",t.envMap?"#define "+l:"",t.envMap?"#define "+c:"",t.envMap?"#define "+d:"",g?"#define CUBEUV_TEXEL_WIDTH "+g.texelWidth:"",g?"#define CUBEUV_TEXEL_HEIGHT "+g.texelHeight:"",g?"#define CUBEUV_MAX_MIP "+g.maxMip+".0":"",t.lightMap?"#define USE_LIGHTMAP":"",t.aoMap?"#define USE_AOMAP":"",t.bumpMap?"#define USE_BUMPMAP":"",t.normalMap?"#define USE_NORMALMAP":"",t.normalMapObjectSpace?"#define USE_NORMALMAP_OBJECTSPACE":"",t.normalMapTangentSpace?"#define USE_NORMALMAP_TANGENTSPACE":"",t.emissiveMap?"#define USE_EMISSIVEMAP":"",t.anisotropy?"#define USE_ANISOTROPY":"",t.anisotropyMap?"#define USE_ANISOTROPYMAP":"",t.clearcoat?"#define USE_CLEARCOAT":"",t.clearcoatMap?"#define USE_CLEARCOATMAP":"",t.clearcoatRoughnessMap?"#define USE_CLEARCOAT_ROUGHNESSMAP":"",t.clearcoatNormalMap?"#define USE_CLEARCOAT_NORMALMAP":"",t.dispersion?"#define USE_DISPERSION":"",t.iridescence?"#define USE_IRIDESCENCE":"",t.iridescenceMap?"#define USE_IRIDESCENCEMAP":"",t.iridescenceThicknessMap?"#define USE_IRIDESCENCE_THICKNESSMAP":"",t.specularMap?"#define USE_SPECULARMAP":"",t.specularColorMap?"#define USE_SPECULAR_COLORMAP":"",t.specularIntensityMap?"#define USE_SPECULAR_INTENSITYMAP":"",t.roughnessMap?"#define USE_ROUGHNESSMAP":"",t.metalnessMap?"#define USE_METALNESSMAP":"",t.alphaMap?"#define USE_ALPHAMAP":"",t.alphaTest?"#define USE_ALPHATEST":"",t.alphaHash?"#define USE_ALPHAHASH":"",t.sheen?"#define USE_SHEEN":"",t.sheenColorMap?"#define USE_SHEEN_COLORMAP":"",t.sheenRoughnessMap?"#define USE_SHEEN_ROUGHNESSMAP":"",t.transmission?"#define USE_TRANSMISSION":"",t.transmissionMap?"#define USE_TRANSMISSIONMAP":"",t.thicknessMap?"#define USE_THICKNESSMAP":"",t.vertexTangents&&t.flatShading===!1?"#define USE_TANGENT":"",t.vertexColors||t.instancingColor||t.batchingColor?"#define USE_COLOR":"",t.vertexAlphas?"#define USE_COLOR_ALPHA":"",t.vertexUv1s?"#define USE_UV1":"",t.vertexUv2s?"#define USE_UV2":"",t.vertexUv3s?"#define USE_UV3":"",t.pointsUvs?"#define USE_POINTS_UV":"",t.gradientMap?"#define USE_GRADIENTMAP":"",t.flatShading?"#define FLAT_SHADED":"",t.doubleSided?"#define DOUBLE_SIDED":"",t.flipSided?"#define FLIP_SIDED":"",t.shadowMapEnabled?"#define USE_SHADOWMAP":"",t.shadowMapEnabled?"#define "+f:"",t.premultipliedAlpha?"#define PREMULTIPLIED_ALPHA":"",t.numLightProbes>0?"#define USE_LIGHT_PROBES":"",t.decodeVideoTexture?"#define DECODE_VIDEO_TEXTURE":"",t.decodeVideoTextureEmissive?"#define DECODE_VIDEO_TEXTURE_EMISSIVE":"",t.logarithmicDepthBuffer?"#define USE_LOGARITHMIC_DEPTH_BUFFER":"",t.reversedDepthBuffer?"#define USE_REVERSED_DEPTH_BUFFER":"","uniform mat4 viewMatrix;","uniform vec3 cameraPosition;","uniform bool isOrthographic;",t.toneMapping!==0?"#define TONE_MAPPING":"",t.toneMapping!==0?ce.tonemapping_pars_fragment:"",t.toneMapping!==0?pl("toneMapping",t.toneMapping):"",t.dithering?"#define DITHERING":"",t.opaque?"#define OPAQUE":"",ce.colorspace_pars_fragment,dl("linearToOutputTexel",t.outputColorSpace),ml(),t.useDepthPacking?"#define DEPTH_PACKING "+t.depthPacking:"",`
`].filter(Ei).join(`
`)),a=vn(a),a=us(a,t),a=fs(a,t),o=vn(o),o=us(o,t),o=fs(o,t),a=ds(a),o=ds(o),t.isRawShaderMaterial!==!0&&(C=`#version 300 es
`,u=[m,"#define attribute in","#define varying out","#define texture2D texture"].join(`
`)+`
`+u,h=["#define varying in",t.glslVersion===Un?"":"layout(location = 0) out highp vec4 pc_fragColor;",t.glslVersion===Un?"":"#define gl_FragColor pc_fragColor","#define gl_FragDepthEXT gl_FragDepth","#define texture2D texture","#define textureCube texture","#define texture2DProj textureProj","#define texture2DLodEXT textureLod","#define texture2DProjLodEXT textureProjLod","#define textureCubeLodEXT textureLod","#define texture2DGradEXT textureGrad","#define texture2DProjGradEXT textureProjGrad","#define textureCubeGradEXT textureGrad"].join(`
`)+`
`+h);const b=C+u+a,y=C+h+o,L=hs(n,n.VERTEX_SHADER,b),O=hs(n,n.FRAGMENT_SHADER,y);n.attachShader(S,L),n.attachShader(S,O),t.index0AttributeName!==void 0?n.bindAttribLocation(S,0,t.index0AttributeName):t.morphTargets===!0&&n.bindAttribLocation(S,0,"position"),n.linkProgram(S);function N(w){if(s.debug.checkShaderErrors){const F=n.getProgramInfoLog(S)||"",D=n.getShaderInfoLog(L)||"",k=n.getShaderInfoLog(O)||"",X=F.trim(),H=D.trim(),Y=k.trim();let z=!0,K=!0;if(n.getProgramParameter(S,n.LINK_STATUS)===!1)if(z=!1,typeof s.debug.onShaderError=="function")s.debug.onShaderError(n,S,L,O);else{const J=cs(n,L,"vertex"),ae=cs(n,O,"fragment");console.error("THREE.WebGLProgram: Shader Error "+n.getError()+" - VALIDATE_STATUS "+n.getProgramParameter(S,n.VALIDATE_STATUS)+`

Material Name: `+w.name+`
Material Type: `+w.type+`

Program Info Log: `+X+`
`+J+`
`+ae)}else X!==""?console.warn("THREE.WebGLProgram: Program Info Log:",X):(H===""||Y==="")&&(K=!1);K&&(w.diagnostics={runnable:z,programLog:X,vertexShader:{log:H,prefix:u},fragmentShader:{log:Y,prefix:h}})}n.deleteShader(L),n.deleteShader(O),I=new Yi(n,S),x=xl(n,S)}let I;this.getUniforms=function(){return I===void 0&&N(this),I};let x;this.getAttributes=function(){return x===void 0&&N(this),x};let M=t.rendererExtensionParallelShaderCompile===!1;return this.isReady=function(){return M===!1&&(M=n.getProgramParameter(S,ll)),M},this.destroy=function(){i.releaseStatesOfProgram(this),n.deleteProgram(S),this.program=void 0},this.type=t.shaderType,this.name=t.shaderName,this.id=cl++,this.cacheKey=e,this.usedTimes=1,this.program=S,this.vertexShader=L,this.fragmentShader=O,this}let Pl=0;class Rl{constructor(){this.shaderCache=new Map,this.materialCache=new Map}update(e){const t=e.vertexShader,i=e.fragmentShader,n=this._getShaderStage(t),r=this._getShaderStage(i),a=this._getShaderCacheForMaterial(e);return a.has(n)===!1&&(a.add(n),n.usedTimes++),a.has(r)===!1&&(a.add(r),r.usedTimes++),this}remove(e){const t=this.materialCache.get(e);for(const i of t)i.usedTimes--,i.usedTimes===0&&this.shaderCache.delete(i.code);return this.materialCache.delete(e),this}getVertexShaderID(e){return this._getShaderStage(e.vertexShader).id}getFragmentShaderID(e){return this._getShaderStage(e.fragmentShader).id}dispose(){this.shaderCache.clear(),this.materialCache.clear()}_getShaderCacheForMaterial(e){const t=this.materialCache;let i=t.get(e);return i===void 0&&(i=new Set,t.set(e,i)),i}_getShaderStage(e){const t=this.shaderCache;let i=t.get(e);return i===void 0&&(i=new Ul(e),t.set(e,i)),i}}class Ul{constructor(e){this.id=Pl++,this.code=e,this.usedTimes=0}}function Il(s,e,t,i,n,r,a){const o=new Ss,f=new Rl,l=new Set,c=[],d=n.logarithmicDepthBuffer,g=n.vertexTextures;let m=n.precision;const _={MeshDepthMaterial:"depth",MeshDistanceMaterial:"distanceRGBA",MeshNormalMaterial:"normal",MeshBasicMaterial:"basic",MeshLambertMaterial:"lambert",MeshPhongMaterial:"phong",MeshToonMaterial:"toon",MeshStandardMaterial:"physical",MeshPhysicalMaterial:"physical",MeshMatcapMaterial:"matcap",LineBasicMaterial:"basic",LineDashedMaterial:"dashed",PointsMaterial:"points",ShadowMaterial:"shadow",SpriteMaterial:"sprite"};function S(x){return l.add(x),x===0?"uv":`uv${x}`}function u(x,M,w,F,D){const k=F.fog,X=D.geometry,H=x.isMeshStandardMaterial?F.environment:null,Y=(x.isMeshStandardMaterial?t:e).get(x.envMap||H),z=Y&&Y.mapping===306?Y.image.height:null,K=_[x.type];x.precision!==null&&(m=n.getMaxPrecision(x.precision),m!==x.precision&&console.warn("THREE.WebGLProgram.getParameters:",x.precision,"not supported, using",m,"instead."));const J=X.morphAttributes.position||X.morphAttributes.normal||X.morphAttributes.color,ae=J!==void 0?J.length:0;let ve=0;X.morphAttributes.position!==void 0&&(ve=1),X.morphAttributes.normal!==void 0&&(ve=2),X.morphAttributes.color!==void 0&&(ve=3);let Ie,Ne,Ee,$e;if(K){const _e=Tt[K];Ie=_e.vertexShader,Ne=_e.fragmentShader}else Ie=x.vertexShader,Ne=x.fragmentShader,f.update(x),Ee=f.getVertexShaderID(x),$e=f.getFragmentShaderID(x);const oe=s.getRenderTarget(),Ze=s.state.buffers.depth.getReversed(),Ke=D.isInstancedMesh===!0,we=D.isBatchedMesh===!0,ct=!!x.map,wt=!!x.matcap,v=!!Y,Et=!!x.aoMap,Pe=!!x.lightMap,We=!!x.bumpMap,ie=!!x.normalMap,et=!!x.displacementMap,re=!!x.emissiveMap,de=!!x.metalnessMap,_t=!!x.roughnessMap,ut=x.anisotropy>0,nt=x.clearcoat>0,Wt=x.dispersion>0,xt=x.iridescence>0,Qe=x.sheen>0,Ct=x.transmission>0,Lt=ut&&!!x.anisotropyMap,Pt=nt&&!!x.clearcoatMap,Be=nt&&!!x.clearcoatNormalMap,Xe=nt&&!!x.clearcoatRoughnessMap,ze=xt&&!!x.iridescenceMap,Xt=xt&&!!x.iridescenceThicknessMap,qt=Qe&&!!x.sheenColorMap,Yt=Qe&&!!x.sheenRoughnessMap,st=!!x.specularMap,ft=!!x.specularColorMap,Rt=!!x.specularIntensityMap,T=Ct&&!!x.transmissionMap,V=Ct&&!!x.thicknessMap,Z=!!x.gradientMap,ne=!!x.alphaMap,le=x.alphaTest>0,ee=!!x.alphaHash,ge=!!x.extensions;let Ce=0;x.toneMapped&&(oe===null||oe.isXRRenderTarget===!0)&&(Ce=s.toneMapping);const ke={shaderID:K,shaderType:x.type,shaderName:x.name,vertexShader:Ie,fragmentShader:Ne,defines:x.defines,customVertexShaderID:Ee,customFragmentShaderID:$e,isRawShaderMaterial:x.isRawShaderMaterial===!0,glslVersion:x.glslVersion,precision:m,batching:we,batchingColor:we&&D._colorsTexture!==null,instancing:Ke,instancingColor:Ke&&D.instanceColor!==null,instancingMorph:Ke&&D.morphTexture!==null,supportsVertexTextures:g,outputColorSpace:oe===null?s.outputColorSpace:oe.isXRRenderTarget===!0?oe.texture.colorSpace:$i,alphaToCoverage:!!x.alphaToCoverage,map:ct,matcap:wt,envMap:v,envMapMode:v&&Y.mapping,envMapCubeUVHeight:z,aoMap:Et,lightMap:Pe,bumpMap:We,normalMap:ie,displacementMap:g&&et,emissiveMap:re,normalMapObjectSpace:ie&&x.normalMapType===1,normalMapTangentSpace:ie&&x.normalMapType===0,metalnessMap:de,roughnessMap:_t,anisotropy:ut,anisotropyMap:Lt,clearcoat:nt,clearcoatMap:Pt,clearcoatNormalMap:Be,clearcoatRoughnessMap:Xe,dispersion:Wt,iridescence:xt,iridescenceMap:ze,iridescenceThicknessMap:Xt,sheen:Qe,sheenColorMap:qt,sheenRoughnessMap:Yt,specularMap:st,specularColorMap:ft,specularIntensityMap:Rt,transmission:Ct,transmissionMap:T,thicknessMap:V,gradientMap:Z,opaque:x.transparent===!1&&x.blending===1&&x.alphaToCoverage===!1,alphaMap:ne,alphaTest:le,alphaHash:ee,combine:x.combine,mapUv:ct&&S(x.map.channel),aoMapUv:Et&&S(x.aoMap.channel),lightMapUv:Pe&&S(x.lightMap.channel),bumpMapUv:We&&S(x.bumpMap.channel),normalMapUv:ie&&S(x.normalMap.channel),displacementMapUv:et&&S(x.displacementMap.channel),emissiveMapUv:re&&S(x.emissiveMap.channel),metalnessMapUv:de&&S(x.metalnessMap.channel),roughnessMapUv:_t&&S(x.roughnessMap.channel),anisotropyMapUv:Lt&&S(x.anisotropyMap.channel),clearcoatMapUv:Pt&&S(x.clearcoatMap.channel),clearcoatNormalMapUv:Be&&S(x.clearcoatNormalMap.channel),clearcoatRoughnessMapUv:Xe&&S(x.clearcoatRoughnessMap.channel),iridescenceMapUv:ze&&S(x.iridescenceMap.channel),iridescenceThicknessMapUv:Xt&&S(x.iridescenceThicknessMap.channel),sheenColorMapUv:qt&&S(x.sheenColorMap.channel),sheenRoughnessMapUv:Yt&&S(x.sheenRoughnessMap.channel),specularMapUv:st&&S(x.specularMap.channel),specularColorMapUv:ft&&S(x.specularColorMap.channel),specularIntensityMapUv:Rt&&S(x.specularIntensityMap.channel),transmissionMapUv:T&&S(x.transmissionMap.channel),thicknessMapUv:V&&S(x.thicknessMap.channel),alphaMapUv:ne&&S(x.alphaMap.channel),vertexTangents:!!X.attributes.tangent&&(ie||ut),vertexColors:x.vertexColors,vertexAlphas:x.vertexColors===!0&&!!X.attributes.color&&X.attributes.color.itemSize===4,pointsUvs:D.isPoints===!0&&!!X.attributes.uv&&(ct||ne),fog:!!k,useFog:x.fog===!0,fogExp2:!!k&&k.isFogExp2,flatShading:x.flatShading===!0&&x.wireframe===!1,sizeAttenuation:x.sizeAttenuation===!0,logarithmicDepthBuffer:d,reversedDepthBuffer:Ze,skinning:D.isSkinnedMesh===!0,morphTargets:X.morphAttributes.position!==void 0,morphNormals:X.morphAttributes.normal!==void 0,morphColors:X.morphAttributes.color!==void 0,morphTargetsCount:ae,morphTextureStride:ve,numDirLights:M.directional.length,numPointLights:M.point.length,numSpotLights:M.spot.length,numSpotLightMaps:M.spotLightMap.length,numRectAreaLights:M.rectArea.length,numHemiLights:M.hemi.length,numDirLightShadows:M.directionalShadowMap.length,numPointLightShadows:M.pointShadowMap.length,numSpotLightShadows:M.spotShadowMap.length,numSpotLightShadowsWithMaps:M.numSpotLightShadowsWithMaps,numLightProbes:M.numLightProbes,numClippingPlanes:a.numPlanes,numClipIntersection:a.numIntersection,dithering:x.dithering,shadowMapEnabled:s.shadowMap.enabled&&w.length>0,shadowMapType:s.shadowMap.type,toneMapping:Ce,decodeVideoTexture:ct&&x.map.isVideoTexture===!0&&be.getTransfer(x.map.colorSpace)===Vt,decodeVideoTextureEmissive:re&&x.emissiveMap.isVideoTexture===!0&&be.getTransfer(x.emissiveMap.colorSpace)===Vt,premultipliedAlpha:x.premultipliedAlpha,doubleSided:x.side===2,flipSided:x.side===1,useDepthPacking:x.depthPacking>=0,depthPacking:x.depthPacking||0,index0AttributeName:x.index0AttributeName,extensionClipCullDistance:ge&&x.extensions.clipCullDistance===!0&&i.has("WEBGL_clip_cull_distance"),extensionMultiDraw:(ge&&x.extensions.multiDraw===!0||we)&&i.has("WEBGL_multi_draw"),rendererExtensionParallelShaderCompile:i.has("KHR_parallel_shader_compile"),customProgramCacheKey:x.customProgramCacheKey()};return ke.vertexUv1s=l.has(1),ke.vertexUv2s=l.has(2),ke.vertexUv3s=l.has(3),l.clear(),ke}function h(x){const M=[];if(x.shaderID?M.push(x.shaderID):(M.push(x.customVertexShaderID),M.push(x.customFragmentShaderID)),x.defines!==void 0)for(const w in x.defines)M.push(w),M.push(x.defines[w]);return x.isRawShaderMaterial===!1&&(C(M,x),b(M,x),M.push(s.outputColorSpace)),M.push(x.customProgramCacheKey),M.join()}function C(x,M){x.push(M.precision),x.push(M.outputColorSpace),x.push(M.envMapMode),x.push(M.envMapCubeUVHeight),x.push(M.mapUv),x.push(M.alphaMapUv),x.push(M.lightMapUv),x.push(M.aoMapUv),x.push(M.bumpMapUv),x.push(M.normalMapUv),x.push(M.displacementMapUv),x.push(M.emissiveMapUv),x.push(M.metalnessMapUv),x.push(M.roughnessMapUv),x.push(M.anisotropyMapUv),x.push(M.clearcoatMapUv),x.push(M.clearcoatNormalMapUv),x.push(M.clearcoatRoughnessMapUv),x.push(M.iridescenceMapUv),x.push(M.iridescenceThicknessMapUv),x.push(M.sheenColorMapUv),x.push(M.sheenRoughnessMapUv),x.push(M.specularMapUv),x.push(M.specularColorMapUv),x.push(M.specularIntensityMapUv),x.push(M.transmissionMapUv),x.push(M.thicknessMapUv),x.push(M.combine),x.push(M.fogExp2),x.push(M.sizeAttenuation),x.push(M.morphTargetsCount),x.push(M.morphAttributeCount),x.push(M.numDirLights),x.push(M.numPointLights),x.push(M.numSpotLights),x.push(M.numSpotLightMaps),x.push(M.numHemiLights),x.push(M.numRectAreaLights),x.push(M.numDirLightShadows),x.push(M.numPointLightShadows),x.push(M.numSpotLightShadows),x.push(M.numSpotLightShadowsWithMaps),x.push(M.numLightProbes),x.push(M.shadowMapType),x.push(M.toneMapping),x.push(M.numClippingPlanes),x.push(M.numClipIntersection),x.push(M.depthPacking)}function b(x,M){o.disableAll(),M.supportsVertexTextures&&o.enable(0),M.instancing&&o.enable(1),M.instancingColor&&o.enable(2),M.instancingMorph&&o.enable(3),M.matcap&&o.enable(4),M.envMap&&o.enable(5),M.normalMapObjectSpace&&o.enable(6),M.normalMapTangentSpace&&o.enable(7),M.clearcoat&&o.enable(8),M.iridescence&&o.enable(9),M.alphaTest&&o.enable(10),M.vertexColors&&o.enable(11),M.vertexAlphas&&o.enable(12),M.vertexUv1s&&o.enable(13),M.vertexUv2s&&o.enable(14),M.vertexUv3s&&o.enable(15),M.vertexTangents&&o.enable(16),M.anisotropy&&o.enable(17),M.alphaHash&&o.enable(18),M.batching&&o.enable(19),M.dispersion&&o.enable(20),M.batchingColor&&o.enable(21),M.gradientMap&&o.enable(22),x.push(o.mask),o.disableAll(),M.fog&&o.enable(0),M.useFog&&o.enable(1),M.flatShading&&o.enable(2),M.logarithmicDepthBuffer&&o.enable(3),M.reversedDepthBuffer&&o.enable(4),M.skinning&&o.enable(5),M.morphTargets&&o.enable(6),M.morphNormals&&o.enable(7),M.morphColors&&o.enable(8),M.premultipliedAlpha&&o.enable(9),M.shadowMapEnabled&&o.enable(10),M.doubleSided&&o.enable(11),M.flipSided&&o.enable(12),M.useDepthPacking&&o.enable(13),M.dithering&&o.enable(14),M.transmission&&o.enable(15),M.sheen&&o.enable(16),M.opaque&&o.enable(17),M.pointsUvs&&o.enable(18),M.decodeVideoTexture&&o.enable(19),M.decodeVideoTextureEmissive&&o.enable(20),M.alphaToCoverage&&o.enable(21),x.push(o.mask)}function y(x){const M=_[x.type];let w;if(M){const F=Tt[M];w=ur.clone(F.uniforms)}else w=x.uniforms;return w}function L(x,M){let w;for(let F=0,D=c.length;F<D;F++){const k=c[F];if(k.cacheKey===M){w=k,++w.usedTimes;break}}return w===void 0&&(w=new Ll(s,M,x,r),c.push(w)),w}function O(x){if(--x.usedTimes===0){const M=c.indexOf(x);c[M]=c[c.length-1],c.pop(),x.destroy()}}function N(x){f.remove(x)}function I(){f.dispose()}return{getParameters:u,getProgramCacheKey:h,getUniforms:y,acquireProgram:L,releaseProgram:O,releaseShaderCache:N,programs:c,dispose:I}}function Dl(){let s=new WeakMap;function e(a){return s.has(a)}function t(a){let o=s.get(a);return o===void 0&&(o={},s.set(a,o)),o}function i(a){s.delete(a)}function n(a,o,f){s.get(a)[o]=f}function r(){s=new WeakMap}return{has:e,get:t,remove:i,update:n,dispose:r}}function Fl(s,e){return s.groupOrder!==e.groupOrder?s.groupOrder-e.groupOrder:s.renderOrder!==e.renderOrder?s.renderOrder-e.renderOrder:s.material.id!==e.material.id?s.material.id-e.material.id:s.z!==e.z?s.z-e.z:s.id-e.id}function ms(s,e){return s.groupOrder!==e.groupOrder?s.groupOrder-e.groupOrder:s.renderOrder!==e.renderOrder?s.renderOrder-e.renderOrder:s.z!==e.z?e.z-s.z:s.id-e.id}function gs(){const s=[];let e=0;const t=[],i=[],n=[];function r(){e=0,t.length=0,i.length=0,n.length=0}function a(d,g,m,_,S,u){let h=s[e];return h===void 0?(h={id:d.id,object:d,geometry:g,material:m,groupOrder:_,renderOrder:d.renderOrder,z:S,group:u},s[e]=h):(h.id=d.id,h.object=d,h.geometry=g,h.material=m,h.groupOrder=_,h.renderOrder=d.renderOrder,h.z=S,h.group=u),e++,h}function o(d,g,m,_,S,u){const h=a(d,g,m,_,S,u);m.transmission>0?i.push(h):m.transparent===!0?n.push(h):t.push(h)}function f(d,g,m,_,S,u){const h=a(d,g,m,_,S,u);m.transmission>0?i.unshift(h):m.transparent===!0?n.unshift(h):t.unshift(h)}function l(d,g){t.length>1&&t.sort(d||Fl),i.length>1&&i.sort(g||ms),n.length>1&&n.sort(g||ms)}function c(){for(let d=e,g=s.length;d<g;d++){const m=s[d];if(m.id===null)break;m.id=null,m.object=null,m.geometry=null,m.material=null,m.group=null}}return{opaque:t,transmissive:i,transparent:n,init:r,push:o,unshift:f,finish:c,sort:l}}function Nl(){let s=new WeakMap;function e(i,n){const r=s.get(i);let a;return r===void 0?(a=new gs,s.set(i,[a])):n>=r.length?(a=new gs,r.push(a)):a=r[n],a}function t(){s=new WeakMap}return{get:e,dispose:t}}function Ol(){const s={};return{get:function(e){if(s[e.id]!==void 0)return s[e.id];let t;switch(e.type){case"DirectionalLight":t={direction:new U,color:new me};break;case"SpotLight":t={position:new U,direction:new U,color:new me,distance:0,coneCos:0,penumbraCos:0,decay:0};break;case"PointLight":t={position:new U,color:new me,distance:0,decay:0};break;case"HemisphereLight":t={direction:new U,skyColor:new me,groundColor:new me};break;case"RectAreaLight":t={color:new me,position:new U,halfWidth:new U,halfHeight:new U};break}return s[e.id]=t,t}}}function Bl(){const s={};return{get:function(e){if(s[e.id]!==void 0)return s[e.id];let t;switch(e.type){case"DirectionalLight":t={shadowIntensity:1,shadowBias:0,shadowNormalBias:0,shadowRadius:1,shadowMapSize:new Se};break;case"SpotLight":t={shadowIntensity:1,shadowBias:0,shadowNormalBias:0,shadowRadius:1,shadowMapSize:new Se};break;case"PointLight":t={shadowIntensity:1,shadowBias:0,shadowNormalBias:0,shadowRadius:1,shadowMapSize:new Se,shadowCameraNear:1,shadowCameraFar:1e3};break}return s[e.id]=t,t}}}let zl=0;function kl(s,e){return(e.castShadow?2:0)-(s.castShadow?2:0)+(e.map?1:0)-(s.map?1:0)}function Hl(s){const e=new Ol,t=Bl(),i={version:0,hash:{directionalLength:-1,pointLength:-1,spotLength:-1,rectAreaLength:-1,hemiLength:-1,numDirectionalShadows:-1,numPointShadows:-1,numSpotShadows:-1,numSpotMaps:-1,numLightProbes:-1},ambient:[0,0,0],probe:[],directional:[],directionalShadow:[],directionalShadowMap:[],directionalShadowMatrix:[],spot:[],spotLightMap:[],spotShadow:[],spotShadowMap:[],spotLightMatrix:[],rectArea:[],rectAreaLTC1:null,rectAreaLTC2:null,point:[],pointShadow:[],pointShadowMap:[],pointShadowMatrix:[],hemi:[],numSpotLightShadowsWithMaps:0,numLightProbes:0};for(let l=0;l<9;l++)i.probe.push(new U);const n=new U,r=new Ue,a=new Ue;function o(l){let c=0,d=0,g=0;for(let x=0;x<9;x++)i.probe[x].set(0,0,0);let m=0,_=0,S=0,u=0,h=0,C=0,b=0,y=0,L=0,O=0,N=0;l.sort(kl);for(let x=0,M=l.length;x<M;x++){const w=l[x],F=w.color,D=w.intensity,k=w.distance,X=w.shadow&&w.shadow.map?w.shadow.map.texture:null;if(w.isAmbientLight)c+=F.r*D,d+=F.g*D,g+=F.b*D;else if(w.isLightProbe){for(let H=0;H<9;H++)i.probe[H].addScaledVector(w.sh.coefficients[H],D);N++}else if(w.isDirectionalLight){const H=e.get(w);if(H.color.copy(w.color).multiplyScalar(w.intensity),w.castShadow){const Y=w.shadow,z=t.get(w);z.shadowIntensity=Y.intensity,z.shadowBias=Y.bias,z.shadowNormalBias=Y.normalBias,z.shadowRadius=Y.radius,z.shadowMapSize=Y.mapSize,i.directionalShadow[m]=z,i.directionalShadowMap[m]=X,i.directionalShadowMatrix[m]=w.shadow.matrix,C++}i.directional[m]=H,m++}else if(w.isSpotLight){const H=e.get(w);H.position.setFromMatrixPosition(w.matrixWorld),H.color.copy(F).multiplyScalar(D),H.distance=k,H.coneCos=Math.cos(w.angle),H.penumbraCos=Math.cos(w.angle*(1-w.penumbra)),H.decay=w.decay,i.spot[S]=H;const Y=w.shadow;if(w.map&&(i.spotLightMap[L]=w.map,L++,Y.updateMatrices(w),w.castShadow&&O++),i.spotLightMatrix[S]=Y.matrix,w.castShadow){const z=t.get(w);z.shadowIntensity=Y.intensity,z.shadowBias=Y.bias,z.shadowNormalBias=Y.normalBias,z.shadowRadius=Y.radius,z.shadowMapSize=Y.mapSize,i.spotShadow[S]=z,i.spotShadowMap[S]=X,y++}S++}else if(w.isRectAreaLight){const H=e.get(w);H.color.copy(F).multiplyScalar(D),H.halfWidth.set(w.width*.5,0,0),H.halfHeight.set(0,w.height*.5,0),i.rectArea[u]=H,u++}else if(w.isPointLight){const H=e.get(w);if(H.color.copy(w.color).multiplyScalar(w.intensity),H.distance=w.distance,H.decay=w.decay,w.castShadow){const Y=w.shadow,z=t.get(w);z.shadowIntensity=Y.intensity,z.shadowBias=Y.bias,z.shadowNormalBias=Y.normalBias,z.shadowRadius=Y.radius,z.shadowMapSize=Y.mapSize,z.shadowCameraNear=Y.camera.near,z.shadowCameraFar=Y.camera.far,i.pointShadow[_]=z,i.pointShadowMap[_]=X,i.pointShadowMatrix[_]=w.shadow.matrix,b++}i.point[_]=H,_++}else if(w.isHemisphereLight){const H=e.get(w);H.skyColor.copy(w.color).multiplyScalar(D),H.groundColor.copy(w.groundColor).multiplyScalar(D),i.hemi[h]=H,h++}}u>0&&(s.has("OES_texture_float_linear")===!0?(i.rectAreaLTC1=G.LTC_FLOAT_1,i.rectAreaLTC2=G.LTC_FLOAT_2):(i.rectAreaLTC1=G.LTC_HALF_1,i.rectAreaLTC2=G.LTC_HALF_2)),i.ambient[0]=c,i.ambient[1]=d,i.ambient[2]=g;const I=i.hash;(I.directionalLength!==m||I.pointLength!==_||I.spotLength!==S||I.rectAreaLength!==u||I.hemiLength!==h||I.numDirectionalShadows!==C||I.numPointShadows!==b||I.numSpotShadows!==y||I.numSpotMaps!==L||I.numLightProbes!==N)&&(i.directional.length=m,i.spot.length=S,i.rectArea.length=u,i.point.length=_,i.hemi.length=h,i.directionalShadow.length=C,i.directionalShadowMap.length=C,i.pointShadow.length=b,i.pointShadowMap.length=b,i.spotShadow.length=y,i.spotShadowMap.length=y,i.directionalShadowMatrix.length=C,i.pointShadowMatrix.length=b,i.spotLightMatrix.length=y+L-O,i.spotLightMap.length=L,i.numSpotLightShadowsWithMaps=O,i.numLightProbes=N,I.directionalLength=m,I.pointLength=_,I.spotLength=S,I.rectAreaLength=u,I.hemiLength=h,I.numDirectionalShadows=C,I.numPointShadows=b,I.numSpotShadows=y,I.numSpotMaps=L,I.numLightProbes=N,i.version=zl++)}function f(l,c){let d=0,g=0,m=0,_=0,S=0;const u=c.matrixWorldInverse;for(let h=0,C=l.length;h<C;h++){const b=l[h];if(b.isDirectionalLight){const y=i.directional[d];y.direction.setFromMatrixPosition(b.matrixWorld),n.setFromMatrixPosition(b.target.matrixWorld),y.direction.sub(n),y.direction.transformDirection(u),d++}else if(b.isSpotLight){const y=i.spot[m];y.position.setFromMatrixPosition(b.matrixWorld),y.position.applyMatrix4(u),y.direction.setFromMatrixPosition(b.matrixWorld),n.setFromMatrixPosition(b.target.matrixWorld),y.direction.sub(n),y.direction.transformDirection(u),m++}else if(b.isRectAreaLight){const y=i.rectArea[_];y.position.setFromMatrixPosition(b.matrixWorld),y.position.applyMatrix4(u),a.identity(),r.copy(b.matrixWorld),r.premultiply(u),a.extractRotation(r),y.halfWidth.set(b.width*.5,0,0),y.halfHeight.set(0,b.height*.5,0),y.halfWidth.applyMatrix4(a),y.halfHeight.applyMatrix4(a),_++}else if(b.isPointLight){const y=i.point[g];y.position.setFromMatrixPosition(b.matrixWorld),y.position.applyMatrix4(u),g++}else if(b.isHemisphereLight){const y=i.hemi[S];y.direction.setFromMatrixPosition(b.matrixWorld),y.direction.transformDirection(u),S++}}}return{setup:o,setupView:f,state:i}}function _s(s){const e=new Hl(s),t=[],i=[];function n(c){l.camera=c,t.length=0,i.length=0}function r(c){t.push(c)}function a(c){i.push(c)}function o(){e.setup(t)}function f(c){e.setupView(t,c)}const l={lightsArray:t,shadowsArray:i,camera:null,lights:e,transmissionRenderTarget:{}};return{init:n,state:l,setupLights:o,setupLightsView:f,pushLight:r,pushShadow:a}}function Gl(s){let e=new WeakMap;function t(n,r=0){const a=e.get(n);let o;return a===void 0?(o=new _s(s),e.set(n,[o])):r>=a.length?(o=new _s(s),a.push(o)):o=a[r],o}function i(){e=new WeakMap}return{get:t,dispose:i}}function Vl(){return{enabled:!1,render(){}}}const Wl={0:1,2:6,4:7,3:5,1:0,6:2,7:4,5:3};function Xl(s,e){function t(){let T=!1;const V=new He;let Z=null;const ne=new He(0,0,0,0);return{setMask:function(le){Z!==le&&!T&&(s.colorMask(le,le,le,le),Z=le)},setLocked:function(le){T=le},setClear:function(le,ee,ge,Ce,ke){ke===!0&&(le*=Ce,ee*=Ce,ge*=Ce),V.set(le,ee,ge,Ce),ne.equals(V)===!1&&(s.clearColor(le,ee,ge,Ce),ne.copy(V))},reset:function(){T=!1,Z=null,ne.set(-1,0,0,0)}}}function i(){let T=!1,V=!1,Z=null,ne=null,le=null;return{setReversed:function(ee){if(V!==ee){const ge=e.get("EXT_clip_control");ee?ge.clipControlEXT(ge.LOWER_LEFT_EXT,ge.ZERO_TO_ONE_EXT):ge.clipControlEXT(ge.LOWER_LEFT_EXT,ge.NEGATIVE_ONE_TO_ONE_EXT),V=ee;const Ce=le;le=null,this.setClear(Ce)}},getReversed:function(){return V},setTest:function(ee){ee?oe(s.DEPTH_TEST):Ze(s.DEPTH_TEST)},setMask:function(ee){Z!==ee&&!T&&(s.depthMask(ee),Z=ee)},setFunc:function(ee){if(V&&(ee=Wl[ee]),ne!==ee){switch(ee){case 0:s.depthFunc(s.NEVER);break;case 1:s.depthFunc(s.ALWAYS);break;case 2:s.depthFunc(s.LESS);break;case 3:s.depthFunc(s.LEQUAL);break;case 4:s.depthFunc(s.EQUAL);break;case 5:s.depthFunc(s.GEQUAL);break;case 6:s.depthFunc(s.GREATER);break;case 7:s.depthFunc(s.NOTEQUAL);break;default:s.depthFunc(s.LEQUAL)}ne=ee}},setLocked:function(ee){T=ee},setClear:function(ee){le!==ee&&(V&&(ee=1-ee),s.clearDepth(ee),le=ee)},reset:function(){T=!1,Z=null,ne=null,le=null,V=!1}}}function n(){let T=!1,V=null,Z=null,ne=null,le=null,ee=null,ge=null,Ce=null,ke=null;return{setTest:function(_e){T||(_e?oe(s.STENCIL_TEST):Ze(s.STENCIL_TEST))},setMask:function(_e){V!==_e&&!T&&(s.stencilMask(_e),V=_e)},setFunc:function(_e,Ut,At){(Z!==_e||ne!==Ut||le!==At)&&(s.stencilFunc(_e,Ut,At),Z=_e,ne=Ut,le=At)},setOp:function(_e,Ut,At){(ee!==_e||ge!==Ut||Ce!==At)&&(s.stencilOp(_e,Ut,At),ee=_e,ge=Ut,Ce=At)},setLocked:function(_e){T=_e},setClear:function(_e){ke!==_e&&(s.clearStencil(_e),ke=_e)},reset:function(){T=!1,V=null,Z=null,ne=null,le=null,ee=null,ge=null,Ce=null,ke=null}}}const r=new t,a=new i,o=new n,f=new WeakMap,l=new WeakMap;let c={},d={},g=new WeakMap,m=[],_=null,S=!1,u=null,h=null,C=null,b=null,y=null,L=null,O=null,N=new me(0,0,0),I=0,x=!1,M=null,w=null,F=null,D=null,k=null;const X=s.getParameter(s.MAX_COMBINED_TEXTURE_IMAGE_UNITS);let H=!1,Y=0;const z=s.getParameter(s.VERSION);z.indexOf("WebGL")!==-1?(Y=parseFloat(/^WebGL (\d)/.exec(z)[1]),H=Y>=1):z.indexOf("OpenGL ES")!==-1&&(Y=parseFloat(/^OpenGL ES (\d)/.exec(z)[1]),H=Y>=2);let K=null,J={};const ae=s.getParameter(s.SCISSOR_BOX),ve=s.getParameter(s.VIEWPORT),Ie=new He().fromArray(ae),Ne=new He().fromArray(ve);function Ee(T,V,Z,ne){const le=new Uint8Array(4),ee=s.createTexture();s.bindTexture(T,ee),s.texParameteri(T,s.TEXTURE_MIN_FILTER,s.NEAREST),s.texParameteri(T,s.TEXTURE_MAG_FILTER,s.NEAREST);for(let ge=0;ge<Z;ge++)T===s.TEXTURE_3D||T===s.TEXTURE_2D_ARRAY?s.texImage3D(V,0,s.RGBA,1,1,ne,0,s.RGBA,s.UNSIGNED_BYTE,le):s.texImage2D(V+ge,0,s.RGBA,1,1,0,s.RGBA,s.UNSIGNED_BYTE,le);return ee}const $e={};$e[s.TEXTURE_2D]=Ee(s.TEXTURE_2D,s.TEXTURE_2D,1),$e[s.TEXTURE_CUBE_MAP]=Ee(s.TEXTURE_CUBE_MAP,s.TEXTURE_CUBE_MAP_POSITIVE_X,6),$e[s.TEXTURE_2D_ARRAY]=Ee(s.TEXTURE_2D_ARRAY,s.TEXTURE_2D_ARRAY,1,1),$e[s.TEXTURE_3D]=Ee(s.TEXTURE_3D,s.TEXTURE_3D,1,1),r.setClear(0,0,0,1),a.setClear(1),o.setClear(0),oe(s.DEPTH_TEST),a.setFunc(3),We(!1),ie(1),oe(s.CULL_FACE),Et(0);function oe(T){c[T]!==!0&&(s.enable(T),c[T]=!0)}function Ze(T){c[T]!==!1&&(s.disable(T),c[T]=!1)}function Ke(T,V){return d[T]!==V?(s.bindFramebuffer(T,V),d[T]=V,T===s.DRAW_FRAMEBUFFER&&(d[s.FRAMEBUFFER]=V),T===s.FRAMEBUFFER&&(d[s.DRAW_FRAMEBUFFER]=V),!0):!1}function we(T,V){let Z=m,ne=!1;if(T){Z=g.get(V),Z===void 0&&(Z=[],g.set(V,Z));const le=T.textures;if(Z.length!==le.length||Z[0]!==s.COLOR_ATTACHMENT0){for(let ee=0,ge=le.length;ee<ge;ee++)Z[ee]=s.COLOR_ATTACHMENT0+ee;Z.length=le.length,ne=!0}}else Z[0]!==s.BACK&&(Z[0]=s.BACK,ne=!0);ne&&s.drawBuffers(Z)}function ct(T){return _!==T?(s.useProgram(T),_=T,!0):!1}const wt={100:s.FUNC_ADD,101:s.FUNC_SUBTRACT,102:s.FUNC_REVERSE_SUBTRACT};wt[103]=s.MIN,wt[104]=s.MAX;const v={200:s.ZERO,201:s.ONE,202:s.SRC_COLOR,204:s.SRC_ALPHA,210:s.SRC_ALPHA_SATURATE,208:s.DST_COLOR,206:s.DST_ALPHA,203:s.ONE_MINUS_SRC_COLOR,205:s.ONE_MINUS_SRC_ALPHA,209:s.ONE_MINUS_DST_COLOR,207:s.ONE_MINUS_DST_ALPHA,211:s.CONSTANT_COLOR,212:s.ONE_MINUS_CONSTANT_COLOR,213:s.CONSTANT_ALPHA,214:s.ONE_MINUS_CONSTANT_ALPHA};function Et(T,V,Z,ne,le,ee,ge,Ce,ke,_e){if(T===0){S===!0&&(Ze(s.BLEND),S=!1);return}if(S===!1&&(oe(s.BLEND),S=!0),T!==5){if(T!==u||_e!==x){if((h!==100||y!==100)&&(s.blendEquation(s.FUNC_ADD),h=100,y=100),_e)switch(T){case 1:s.blendFuncSeparate(s.ONE,s.ONE_MINUS_SRC_ALPHA,s.ONE,s.ONE_MINUS_SRC_ALPHA);break;case 2:s.blendFunc(s.ONE,s.ONE);break;case 3:s.blendFuncSeparate(s.ZERO,s.ONE_MINUS_SRC_COLOR,s.ZERO,s.ONE);break;case 4:s.blendFuncSeparate(s.DST_COLOR,s.ONE_MINUS_SRC_ALPHA,s.ZERO,s.ONE);break;default:console.error("THREE.WebGLState: Invalid blending: ",T);break}else switch(T){case 1:s.blendFuncSeparate(s.SRC_ALPHA,s.ONE_MINUS_SRC_ALPHA,s.ONE,s.ONE_MINUS_SRC_ALPHA);break;case 2:s.blendFuncSeparate(s.SRC_ALPHA,s.ONE,s.ONE,s.ONE);break;case 3:console.error("THREE.WebGLState: SubtractiveBlending requires material.premultipliedAlpha = true");break;case 4:console.error("THREE.WebGLState: MultiplyBlending requires material.premultipliedAlpha = true");break;default:console.error("THREE.WebGLState: Invalid blending: ",T);break}C=null,b=null,L=null,O=null,N.set(0,0,0),I=0,u=T,x=_e}return}le=le||V,ee=ee||Z,ge=ge||ne,(V!==h||le!==y)&&(s.blendEquationSeparate(wt[V],wt[le]),h=V,y=le),(Z!==C||ne!==b||ee!==L||ge!==O)&&(s.blendFuncSeparate(v[Z],v[ne],v[ee],v[ge]),C=Z,b=ne,L=ee,O=ge),(Ce.equals(N)===!1||ke!==I)&&(s.blendColor(Ce.r,Ce.g,Ce.b,ke),N.copy(Ce),I=ke),u=T,x=!1}function Pe(T,V){T.side===2?Ze(s.CULL_FACE):oe(s.CULL_FACE);let Z=T.side===1;V&&(Z=!Z),We(Z),T.blending===1&&T.transparent===!1?Et(0):Et(T.blending,T.blendEquation,T.blendSrc,T.blendDst,T.blendEquationAlpha,T.blendSrcAlpha,T.blendDstAlpha,T.blendColor,T.blendAlpha,T.premultipliedAlpha),a.setFunc(T.depthFunc),a.setTest(T.depthTest),a.setMask(T.depthWrite),r.setMask(T.colorWrite);const ne=T.stencilWrite;o.setTest(ne),ne&&(o.setMask(T.stencilWriteMask),o.setFunc(T.stencilFunc,T.stencilRef,T.stencilFuncMask),o.setOp(T.stencilFail,T.stencilZFail,T.stencilZPass)),re(T.polygonOffset,T.polygonOffsetFactor,T.polygonOffsetUnits),T.alphaToCoverage===!0?oe(s.SAMPLE_ALPHA_TO_COVERAGE):Ze(s.SAMPLE_ALPHA_TO_COVERAGE)}function We(T){M!==T&&(T?s.frontFace(s.CW):s.frontFace(s.CCW),M=T)}function ie(T){T!==0?(oe(s.CULL_FACE),T!==w&&(T===1?s.cullFace(s.BACK):T===2?s.cullFace(s.FRONT):s.cullFace(s.FRONT_AND_BACK))):Ze(s.CULL_FACE),w=T}function et(T){T!==F&&(H&&s.lineWidth(T),F=T)}function re(T,V,Z){T?(oe(s.POLYGON_OFFSET_FILL),(D!==V||k!==Z)&&(s.polygonOffset(V,Z),D=V,k=Z)):Ze(s.POLYGON_OFFSET_FILL)}function de(T){T?oe(s.SCISSOR_TEST):Ze(s.SCISSOR_TEST)}function _t(T){T===void 0&&(T=s.TEXTURE0+X-1),K!==T&&(s.activeTexture(T),K=T)}function ut(T,V,Z){Z===void 0&&(K===null?Z=s.TEXTURE0+X-1:Z=K);let ne=J[Z];ne===void 0&&(ne={type:void 0,texture:void 0},J[Z]=ne),(ne.type!==T||ne.texture!==V)&&(K!==Z&&(s.activeTexture(Z),K=Z),s.bindTexture(T,V||$e[T]),ne.type=T,ne.texture=V)}function nt(){const T=J[K];T!==void 0&&T.type!==void 0&&(s.bindTexture(T.type,null),T.type=void 0,T.texture=void 0)}function Wt(){try{s.compressedTexImage2D(...arguments)}catch(T){console.error("THREE.WebGLState:",T)}}function xt(){try{s.compressedTexImage3D(...arguments)}catch(T){console.error("THREE.WebGLState:",T)}}function Qe(){try{s.texSubImage2D(...arguments)}catch(T){console.error("THREE.WebGLState:",T)}}function Ct(){try{s.texSubImage3D(...arguments)}catch(T){console.error("THREE.WebGLState:",T)}}function Lt(){try{s.compressedTexSubImage2D(...arguments)}catch(T){console.error("THREE.WebGLState:",T)}}function Pt(){try{s.compressedTexSubImage3D(...arguments)}catch(T){console.error("THREE.WebGLState:",T)}}function Be(){try{s.texStorage2D(...arguments)}catch(T){console.error("THREE.WebGLState:",T)}}function Xe(){try{s.texStorage3D(...arguments)}catch(T){console.error("THREE.WebGLState:",T)}}function ze(){try{s.texImage2D(...arguments)}catch(T){console.error("THREE.WebGLState:",T)}}function Xt(){try{s.texImage3D(...arguments)}catch(T){console.error("THREE.WebGLState:",T)}}function qt(T){Ie.equals(T)===!1&&(s.scissor(T.x,T.y,T.z,T.w),Ie.copy(T))}function Yt(T){Ne.equals(T)===!1&&(s.viewport(T.x,T.y,T.z,T.w),Ne.copy(T))}function st(T,V){let Z=l.get(V);Z===void 0&&(Z=new WeakMap,l.set(V,Z));let ne=Z.get(T);ne===void 0&&(ne=s.getUniformBlockIndex(V,T.name),Z.set(T,ne))}function ft(T,V){const ne=l.get(V).get(T);f.get(V)!==ne&&(s.uniformBlockBinding(V,ne,T.__bindingPointIndex),f.set(V,ne))}function Rt(){s.disable(s.BLEND),s.disable(s.CULL_FACE),s.disable(s.DEPTH_TEST),s.disable(s.POLYGON_OFFSET_FILL),s.disable(s.SCISSOR_TEST),s.disable(s.STENCIL_TEST),s.disable(s.SAMPLE_ALPHA_TO_COVERAGE),s.blendEquation(s.FUNC_ADD),s.blendFunc(s.ONE,s.ZERO),s.blendFuncSeparate(s.ONE,s.ZERO,s.ONE,s.ZERO),s.blendColor(0,0,0,0),s.colorMask(!0,!0,!0,!0),s.clearColor(0,0,0,0),s.depthMask(!0),s.depthFunc(s.LESS),a.setReversed(!1),s.clearDepth(1),s.stencilMask(4294967295),s.stencilFunc(s.ALWAYS,0,4294967295),s.stencilOp(s.KEEP,s.KEEP,s.KEEP),s.clearStencil(0),s.cullFace(s.BACK),s.frontFace(s.CCW),s.polygonOffset(0,0),s.activeTexture(s.TEXTURE0),s.bindFramebuffer(s.FRAMEBUFFER,null),s.bindFramebuffer(s.DRAW_FRAMEBUFFER,null),s.bindFramebuffer(s.READ_FRAMEBUFFER,null),s.useProgram(null),s.lineWidth(1),s.scissor(0,0,s.canvas.width,s.canvas.height),s.viewport(0,0,s.canvas.width,s.canvas.height),c={},K=null,J={},d={},g=new WeakMap,m=[],_=null,S=!1,u=null,h=null,C=null,b=null,y=null,L=null,O=null,N=new me(0,0,0),I=0,x=!1,M=null,w=null,F=null,D=null,k=null,Ie.set(0,0,s.canvas.width,s.canvas.height),Ne.set(0,0,s.canvas.width,s.canvas.height),r.reset(),a.reset(),o.reset()}return{buffers:{color:r,depth:a,stencil:o},enable:oe,disable:Ze,bindFramebuffer:Ke,drawBuffers:we,useProgram:ct,setBlending:Et,setMaterial:Pe,setFlipSided:We,setCullFace:ie,setLineWidth:et,setPolygonOffset:re,setScissorTest:de,activeTexture:_t,bindTexture:ut,unbindTexture:nt,compressedTexImage2D:Wt,compressedTexImage3D:xt,texImage2D:ze,texImage3D:Xt,updateUBOMapping:st,uniformBlockBinding:ft,texStorage2D:Be,texStorage3D:Xe,texSubImage2D:Qe,texSubImage3D:Ct,compressedTexSubImage2D:Lt,compressedTexSubImage3D:Pt,scissor:qt,viewport:Yt,reset:Rt}}function ql(){return{resetTextureUnits(){}}}function Yl(){return{convert:()=>null}}class $l extends mi{enabled=!1;isPresenting=!1;cameraAutoUpdate=!0;setAnimationLoop(){}dispose(){}getEnvironmentBlendMode(){}hasDepthSensing(){return!1}getDepthSensingMesh(){return null}}const ei=new bt,Zl=new Ue;function Kl(s,e){function t(u,h){u.matrixAutoUpdate===!0&&u.updateMatrix(),h.value.copy(u.matrix)}function i(u,h){h.color.getRGB(u.fogColor.value,As(s)),h.isFog?(u.fogNear.value=h.near,u.fogFar.value=h.far):h.isFogExp2&&(u.fogDensity.value=h.density)}function n(u,h,C,b,y){h.isMeshBasicMaterial||h.isMeshLambertMaterial?r(u,h):h.isMeshToonMaterial?(r(u,h),d(u,h)):h.isMeshPhongMaterial?(r(u,h),c(u,h)):h.isMeshStandardMaterial?(r(u,h),g(u,h),h.isMeshPhysicalMaterial&&m(u,h,y)):h.isMeshMatcapMaterial?(r(u,h),_(u,h)):h.isMeshDepthMaterial?r(u,h):h.isMeshDistanceMaterial?(r(u,h),S(u,h)):h.isMeshNormalMaterial?r(u,h):h.isLineBasicMaterial?(a(u,h),h.isLineDashedMaterial&&o(u,h)):h.isPointsMaterial?f(u,h,C,b):h.isSpriteMaterial?l(u,h):h.isShadowMaterial?(u.color.value.copy(h.color),u.opacity.value=h.opacity):h.isShaderMaterial&&(h.uniformsNeedUpdate=!1)}function r(u,h){u.opacity.value=h.opacity,h.color&&u.diffuse.value.copy(h.color),h.emissive&&u.emissive.value.copy(h.emissive).multiplyScalar(h.emissiveIntensity),h.map&&(u.map.value=h.map,t(h.map,u.mapTransform)),h.alphaMap&&(u.alphaMap.value=h.alphaMap,t(h.alphaMap,u.alphaMapTransform)),h.bumpMap&&(u.bumpMap.value=h.bumpMap,t(h.bumpMap,u.bumpMapTransform),u.bumpScale.value=h.bumpScale,h.side===1&&(u.bumpScale.value*=-1)),h.normalMap&&(u.normalMap.value=h.normalMap,t(h.normalMap,u.normalMapTransform),u.normalScale.value.copy(h.normalScale),h.side===1&&u.normalScale.value.negate()),h.displacementMap&&(u.displacementMap.value=h.displacementMap,t(h.displacementMap,u.displacementMapTransform),u.displacementScale.value=h.displacementScale,u.displacementBias.value=h.displacementBias),h.emissiveMap&&(u.emissiveMap.value=h.emissiveMap,t(h.emissiveMap,u.emissiveMapTransform)),h.specularMap&&(u.specularMap.value=h.specularMap,t(h.specularMap,u.specularMapTransform)),h.alphaTest>0&&(u.alphaTest.value=h.alphaTest);const C=e.get(h),b=C.envMap,y=C.envMapRotation;b&&(u.envMap.value=b,ei.copy(y),ei.x*=-1,ei.y*=-1,ei.z*=-1,b.isCubeTexture&&b.isRenderTargetTexture===!1&&(ei.y*=-1,ei.z*=-1),u.envMapRotation.value.setFromMatrix4(Zl.makeRotationFromEuler(ei)),u.flipEnvMap.value=b.isCubeTexture&&b.isRenderTargetTexture===!1?-1:1,u.reflectivity.value=h.reflectivity,u.ior.value=h.ior,u.refractionRatio.value=h.refractionRatio),h.lightMap&&(u.lightMap.value=h.lightMap,u.lightMapIntensity.value=h.lightMapIntensity,t(h.lightMap,u.lightMapTransform)),h.aoMap&&(u.aoMap.value=h.aoMap,u.aoMapIntensity.value=h.aoMapIntensity,t(h.aoMap,u.aoMapTransform))}function a(u,h){u.diffuse.value.copy(h.color),u.opacity.value=h.opacity,h.map&&(u.map.value=h.map,t(h.map,u.mapTransform))}function o(u,h){u.dashSize.value=h.dashSize,u.totalSize.value=h.dashSize+h.gapSize,u.scale.value=h.scale}function f(u,h,C,b){u.diffuse.value.copy(h.color),u.opacity.value=h.opacity,u.size.value=h.size*C,u.scale.value=b*.5,h.map&&(u.map.value=h.map,t(h.map,u.uvTransform)),h.alphaMap&&(u.alphaMap.value=h.alphaMap,t(h.alphaMap,u.alphaMapTransform)),h.alphaTest>0&&(u.alphaTest.value=h.alphaTest)}function l(u,h){u.diffuse.value.copy(h.color),u.opacity.value=h.opacity,u.rotation.value=h.rotation,h.map&&(u.map.value=h.map,t(h.map,u.mapTransform)),h.alphaMap&&(u.alphaMap.value=h.alphaMap,t(h.alphaMap,u.alphaMapTransform)),h.alphaTest>0&&(u.alphaTest.value=h.alphaTest)}function c(u,h){u.specular.value.copy(h.specular),u.shininess.value=Math.max(h.shininess,1e-4)}function d(u,h){h.gradientMap&&(u.gradientMap.value=h.gradientMap)}function g(u,h){u.metalness.value=h.metalness,h.metalnessMap&&(u.metalnessMap.value=h.metalnessMap,t(h.metalnessMap,u.metalnessMapTransform)),u.roughness.value=h.roughness,h.roughnessMap&&(u.roughnessMap.value=h.roughnessMap,t(h.roughnessMap,u.roughnessMapTransform)),h.envMap&&(u.envMapIntensity.value=h.envMapIntensity)}function m(u,h,C){u.ior.value=h.ior,h.sheen>0&&(u.sheenColor.value.copy(h.sheenColor).multiplyScalar(h.sheen),u.sheenRoughness.value=h.sheenRoughness,h.sheenColorMap&&(u.sheenColorMap.value=h.sheenColorMap,t(h.sheenColorMap,u.sheenColorMapTransform)),h.sheenRoughnessMap&&(u.sheenRoughnessMap.value=h.sheenRoughnessMap,t(h.sheenRoughnessMap,u.sheenRoughnessMapTransform))),h.clearcoat>0&&(u.clearcoat.value=h.clearcoat,u.clearcoatRoughness.value=h.clearcoatRoughness,h.clearcoatMap&&(u.clearcoatMap.value=h.clearcoatMap,t(h.clearcoatMap,u.clearcoatMapTransform)),h.clearcoatRoughnessMap&&(u.clearcoatRoughnessMap.value=h.clearcoatRoughnessMap,t(h.clearcoatRoughnessMap,u.clearcoatRoughnessMapTransform)),h.clearcoatNormalMap&&(u.clearcoatNormalMap.value=h.clearcoatNormalMap,t(h.clearcoatNormalMap,u.clearcoatNormalMapTransform),u.clearcoatNormalScale.value.copy(h.clearcoatNormalScale),h.side===1&&u.clearcoatNormalScale.value.negate())),h.dispersion>0&&(u.dispersion.value=h.dispersion),h.iridescence>0&&(u.iridescence.value=h.iridescence,u.iridescenceIOR.value=h.iridescenceIOR,u.iridescenceThicknessMinimum.value=h.iridescenceThicknessRange[0],u.iridescenceThicknessMaximum.value=h.iridescenceThicknessRange[1],h.iridescenceMap&&(u.iridescenceMap.value=h.iridescenceMap,t(h.iridescenceMap,u.iridescenceMapTransform)),h.iridescenceThicknessMap&&(u.iridescenceThicknessMap.value=h.iridescenceThicknessMap,t(h.iridescenceThicknessMap,u.iridescenceThicknessMapTransform))),h.transmission>0&&(u.transmission.value=h.transmission,u.transmissionSamplerMap.value=C.texture,u.transmissionSamplerSize.value.set(C.width,C.height),h.transmissionMap&&(u.transmissionMap.value=h.transmissionMap,t(h.transmissionMap,u.transmissionMapTransform)),u.thickness.value=h.thickness,h.thicknessMap&&(u.thicknessMap.value=h.thicknessMap,t(h.thicknessMap,u.thicknessMapTransform)),u.attenuationDistance.value=h.attenuationDistance,u.attenuationColor.value.copy(h.attenuationColor)),h.anisotropy>0&&(u.anisotropyVector.value.set(h.anisotropy*Math.cos(h.anisotropyRotation),h.anisotropy*Math.sin(h.anisotropyRotation)),h.anisotropyMap&&(u.anisotropyMap.value=h.anisotropyMap,t(h.anisotropyMap,u.anisotropyMapTransform))),u.specularIntensity.value=h.specularIntensity,u.specularColor.value.copy(h.specularColor),h.specularColorMap&&(u.specularColorMap.value=h.specularColorMap,t(h.specularColorMap,u.specularColorMapTransform)),h.specularIntensityMap&&(u.specularIntensityMap.value=h.specularIntensityMap,t(h.specularIntensityMap,u.specularIntensityMapTransform))}function _(u,h){h.matcap&&(u.matcap.value=h.matcap)}function S(u,h){const C=e.get(h).light;u.referencePosition.value.setFromMatrixPosition(C.matrixWorld),u.nearDistance.value=C.shadow.camera.near,u.farDistance.value=C.shadow.camera.far}return{refreshFogUniforms:i,refreshMaterialUniforms:n}}function Ql(){return{dispose(){}}}class rc{constructor(e={}){const{canvas:t=Vs(),context:i=null,depth:n=!0,stencil:r=!1,alpha:a=!1,antialias:o=!1,premultipliedAlpha:f=!0,preserveDrawingBuffer:l=!1,powerPreference:c="default",failIfMajorPerformanceCaveat:d=!1,reversedDepthBuffer:g=!1}=e;this.isWebGLRenderer=!0;let m;if(i!==null){if(typeof WebGLRenderingContext<"u"&&i instanceof WebGLRenderingContext)throw new Error("THREE.WebGLRenderer: WebGL 1 is not supported since r163.");m=i.getContextAttributes().alpha}else m=a;const _=new Uint32Array(4),S=new Int32Array(4);let u=null,h=null;const C=[],b=[];this.domElement=t,this.debug={checkShaderErrors:!0,onShaderError:null},this.autoClear=!0,this.autoClearColor=!0,this.autoClearDepth=!0,this.autoClearStencil=!0,this.sortObjects=!0,this.clippingPlanes=[],this.localClippingEnabled=!1,this.toneMapping=0,this.toneMappingExposure=1,this.transmissionResolutionScale=1;const y=this;let L=!1;this._outputColorSpace=gt;let O=0,N=0,I=null,x=-1,M=null;const w=new He,F=new He;let D=null;const k=new me(0);let X=0,H=t.width,Y=t.height,z=1,K=null,J=null;const ae=new He(0,0,H,Y),ve=new He(0,0,H,Y);let Ie=!1;const Ne=new bs;let Ee=!1,$e=!1;const oe=new Ue,Ze=new U,Ke=new He,we={background:null,fog:null,environment:null,overrideMaterial:null,isScene:!0};let ct=!1;function wt(){return I===null?z:1}let v=i;function Et(p,E){return t.getContext(p,E)}try{const p={alpha:!0,depth:n,stencil:r,antialias:o,premultipliedAlpha:f,preserveDrawingBuffer:l,powerPreference:c,failIfMajorPerformanceCaveat:d};if("setAttribute"in t&&t.setAttribute("data-engine","three.js r180"),t.addEventListener("webglcontextlost",Z,!1),t.addEventListener("webglcontextrestored",ne,!1),t.addEventListener("webglcontextcreationerror",le,!1),v===null){const E="webgl2";if(v=Et(E,p),v===null)throw Et(E)?new Error("Error creating WebGL context with your selected attributes."):new Error("Error creating WebGL context.")}}catch(p){throw console.error("THREE.WebGLRenderer: "+p.message),p}let Pe,We,ie,et,re,de,_t,ut,nt,Wt,xt,Qe,Ct,Lt,Pt,Be,Xe,ze,Xt,qt,Yt,st,ft,Rt;function T(){Pe=new dh(v),Pe.init(),st=new Yl,We=new lh(v,Pe,e,st),ie=new Xl(v,Pe),We.reversedDepthBuffer&&g&&ie.buffers.depth.setReversed(!0),et=new gh(v),re=new Dl,de=new ql,_t=new uh,ut=new fh,nt=new Ar(v),ft=new oh(v,nt),Wt=new ph(v,nt,et,ft),xt=new xh(v,Wt,nt,et),Xt=new _h,Be=new ch(re),Qe=new Il(y,_t,ut,Pe,We,ft,Be),Ct=new Kl(y,re),Lt=new Nl,Pt=new Gl(Pe),ze=new ah(y,_t,ut,ie,xt,m,f),Xe=new Vl,Rt=new Ql,qt=new hh(v,Pe,et),Yt=new mh(v,Pe,et),et.programs=Qe.programs,y.capabilities=We,y.extensions=Pe,y.properties=re,y.renderLists=Lt,y.shadowMap=Xe,y.state=ie,y.info=et}T();const V=new $l(y,v);this.xr=V,this.getContext=function(){return v},this.getContextAttributes=function(){return v.getContextAttributes()},this.forceContextLoss=function(){const p=Pe.get("WEBGL_lose_context");p&&p.loseContext()},this.forceContextRestore=function(){const p=Pe.get("WEBGL_lose_context");p&&p.restoreContext()},this.getPixelRatio=function(){return z},this.setPixelRatio=function(p){p!==void 0&&(z=p,this.setSize(H,Y,!1))},this.getSize=function(p){return p.set(H,Y)},this.setSize=function(p,E,P=!0){if(V.isPresenting){console.warn("THREE.WebGLRenderer: Can't change size while VR device is presenting.");return}H=p,Y=E,t.width=Math.floor(p*z),t.height=Math.floor(E*z),P===!0&&(t.style.width=p+"px",t.style.height=E+"px"),this.setViewport(0,0,p,E)},this.getDrawingBufferSize=function(p){return p.set(H*z,Y*z).floor()},this.setDrawingBufferSize=function(p,E,P){H=p,Y=E,z=P,t.width=Math.floor(p*P),t.height=Math.floor(E*P),this.setViewport(0,0,p,E)},this.getCurrentViewport=function(p){return p.copy(w)},this.getViewport=function(p){return p.copy(ae)},this.setViewport=function(p,E,P,R){p.isVector4?ae.set(p.x,p.y,p.z,p.w):ae.set(p,E,P,R),ie.viewport(w.copy(ae).multiplyScalar(z).round())},this.getScissor=function(p){return p.copy(ve)},this.setScissor=function(p,E,P,R){p.isVector4?ve.set(p.x,p.y,p.z,p.w):ve.set(p,E,P,R),ie.scissor(F.copy(ve).multiplyScalar(z).round())},this.getScissorTest=function(){return Ie},this.setScissorTest=function(p){ie.setScissorTest(Ie=p)},this.setOpaqueSort=function(p){K=p},this.setTransparentSort=function(p){J=p},this.getClearColor=function(p){return p.copy(ze.getClearColor())},this.setClearColor=function(){ze.setClearColor(...arguments)},this.getClearAlpha=function(){return ze.getClearAlpha()},this.setClearAlpha=function(){ze.setClearAlpha(...arguments)},this.clear=function(p=!0,E=!0,P=!0){let R=0;if(p){let A=!1;if(I!==null){const B=I.texture.format;A=B===1033||B===1031||B===1029}if(A){const B=I.texture.type,W=B===1009||B===1014||B===1012||B===1020||B===1017||B===1018,$=ze.getClearColor(),q=ze.getClearAlpha(),te=$.r,se=$.g,Q=$.b;W?(_[0]=te,_[1]=se,_[2]=Q,_[3]=q,v.clearBufferuiv(v.COLOR,0,_)):(S[0]=te,S[1]=se,S[2]=Q,S[3]=q,v.clearBufferiv(v.COLOR,0,S))}else R|=v.COLOR_BUFFER_BIT}E&&(R|=v.DEPTH_BUFFER_BIT),P&&(R|=v.STENCIL_BUFFER_BIT,this.state.buffers.stencil.setMask(4294967295)),v.clear(R)},this.clearColor=function(){this.clear(!0,!1,!1)},this.clearDepth=function(){this.clear(!1,!0,!1)},this.clearStencil=function(){this.clear(!1,!1,!0)},this.dispose=function(){t.removeEventListener("webglcontextlost",Z,!1),t.removeEventListener("webglcontextrestored",ne,!1),t.removeEventListener("webglcontextcreationerror",le,!1),ze.dispose(),Lt.dispose(),Pt.dispose(),re.dispose(),_t.dispose(),ut.dispose(),xt.dispose(),ft.dispose(),Rt.dispose(),Qe.dispose(),V.dispose(),V.removeEventListener("sessionstart",At),V.removeEventListener("sessionend",bn),$t.stop()};function Z(p){p.preventDefault(),console.log("THREE.WebGLRenderer: Context Lost."),L=!0}function ne(){console.log("THREE.WebGLRenderer: Context Restored."),L=!1;const p=et.autoReset,E=Xe.enabled,P=Xe.autoUpdate,R=Xe.needsUpdate,A=Xe.type;T(),et.autoReset=p,Xe.enabled=E,Xe.autoUpdate=P,Xe.needsUpdate=R,Xe.type=A}function le(p){console.error("THREE.WebGLRenderer: A WebGL context could not be created. Reason: ",p.statusMessage)}function ee(p){const E=p.target;E.removeEventListener("dispose",ee),ge(E)}function ge(p){Ce(p),re.remove(p)}function Ce(p){const E=re.get(p).programs;E!==void 0&&(E.forEach(function(P){Qe.releaseProgram(P)}),p.isShaderMaterial&&Qe.releaseShaderCache(p))}this.renderBufferDirect=function(p,E,P,R,A,B){E===null&&(E=we);const W=A.isMesh&&A.matrixWorld.determinant()<0,$=Fs(p,E,P,R,A);ie.setMaterial(R,W);let q=P.index,te=1;if(R.wireframe===!0){if(q=Wt.getWireframeAttribute(P),q===void 0)return;te=2}const se=P.drawRange,Q=P.attributes.position;let ue=se.start*te,xe=(se.start+se.count)*te;B!==null&&(ue=Math.max(ue,B.start*te),xe=Math.min(xe,(B.start+B.count)*te)),q!==null?(ue=Math.max(ue,0),xe=Math.min(xe,q.count)):Q!=null&&(ue=Math.max(ue,0),xe=Math.min(xe,Q.count));const Le=xe-ue;if(Le<0||Le===1/0)return;ft.setup(A,R,$,P,q);let ye,Me=qt;if(q!==null&&(ye=nt.get(q),Me=Yt,Me.setIndex(ye)),A.isMesh)R.wireframe===!0?(ie.setLineWidth(R.wireframeLinewidth*wt()),Me.setMode(v.LINES)):Me.setMode(v.TRIANGLES);else if(A.isLine){let j=R.linewidth;j===void 0&&(j=1),ie.setLineWidth(j*wt()),A.isLineSegments?Me.setMode(v.LINES):A.isLineLoop?Me.setMode(v.LINE_LOOP):Me.setMode(v.LINE_STRIP)}else A.isPoints?Me.setMode(v.POINTS):A.isSprite&&Me.setMode(v.TRIANGLES);if(A.isBatchedMesh)if(A._multiDrawInstances!==null)Ai("THREE.WebGLRenderer: renderMultiDrawInstances has been deprecated and will be removed in r184. Append to renderMultiDraw arguments and use indirection."),Me.renderMultiDrawInstances(A._multiDrawStarts,A._multiDrawCounts,A._multiDrawCount,A._multiDrawInstances);else if(Pe.get("WEBGL_multi_draw"))Me.renderMultiDraw(A._multiDrawStarts,A._multiDrawCounts,A._multiDrawCount);else{const j=A._multiDrawStarts,Ae=A._multiDrawCounts,pe=A._multiDrawCount,rt=q?nt.get(q).bytesPerElement:1,ii=re.get(R).currentProgram.getUniforms();for(let at=0;at<pe;at++)ii.setValue(v,"_gl_DrawID",at),Me.render(j[at]/rt,Ae[at])}else if(A.isInstancedMesh)Me.renderInstances(ue,Le,A.count);else if(P.isInstancedBufferGeometry){const j=P._maxInstanceCount!==void 0?P._maxInstanceCount:1/0,Ae=Math.min(P.instanceCount,j);Me.renderInstances(ue,Le,Ae)}else Me.render(ue,Le)};function ke(p,E,P){p.transparent===!0&&p.side===2&&p.forceSinglePass===!1?(p.side=1,p.needsUpdate=!0,Pi(p,E,P),p.side=0,p.needsUpdate=!0,Pi(p,E,P),p.side=2):Pi(p,E,P)}this.compile=function(p,E,P=null){P===null&&(P=p),h=Pt.get(P),h.init(E),b.push(h),P.traverseVisible(function(A){A.isLight&&A.layers.test(E.layers)&&(h.pushLight(A),A.castShadow&&h.pushShadow(A))}),p!==P&&p.traverseVisible(function(A){A.isLight&&A.layers.test(E.layers)&&(h.pushLight(A),A.castShadow&&h.pushShadow(A))}),h.setupLights();const R=new Set;return p.traverse(function(A){if(!(A.isMesh||A.isPoints||A.isLine||A.isSprite))return;const B=A.material;if(B)if(Array.isArray(B))for(let W=0;W<B.length;W++){const $=B[W];ke($,P,A),R.add($)}else ke(B,P,A),R.add(B)}),h=b.pop(),R},this.compileAsync=function(p,E,P=null){const R=this.compile(p,E,P);return new Promise(A=>{function B(){if(R.forEach(function(W){re.get(W).currentProgram.isReady()&&R.delete(W)}),R.size===0){A(p);return}setTimeout(B,10)}Pe.get("KHR_parallel_shader_compile")!==null?B():setTimeout(B,10)})};let _e=null;function Ut(p){_e&&_e(p)}function At(){$t.stop()}function bn(){$t.start()}const $t=new Er;$t.setAnimationLoop(Ut),typeof self<"u"&&$t.setContext(self),this.setAnimationLoop=function(p){_e=p,V.setAnimationLoop(p),p===null?$t.stop():$t.start()},V.addEventListener("sessionstart",At),V.addEventListener("sessionend",bn),this.render=function(p,E){if(E!==void 0&&E.isCamera!==!0){console.error("THREE.WebGLRenderer.render: camera is not an instance of THREE.Camera.");return}if(L===!0)return;if(p.matrixWorldAutoUpdate===!0&&p.updateMatrixWorld(),E.parent===null&&E.matrixWorldAutoUpdate===!0&&E.updateMatrixWorld(),V.enabled===!0&&V.isPresenting===!0&&(V.cameraAutoUpdate===!0&&V.updateCamera(E),E=V.getCamera()),p.isScene===!0&&p.onBeforeRender(y,p,E,I),h=Pt.get(p,b.length),h.init(E),b.push(h),oe.multiplyMatrices(E.projectionMatrix,E.matrixWorldInverse),Ne.setFromProjectionMatrix(oe,2e3,E.reversedDepth),$e=this.localClippingEnabled,Ee=Be.init(this.clippingPlanes,$e),u=Lt.get(p,C.length),u.init(),C.push(u),V.enabled===!0&&V.isPresenting===!0){const B=y.xr.getDepthSensingMesh();B!==null&&Qi(B,E,-1/0,y.sortObjects)}Qi(p,E,0,y.sortObjects),u.finish(),y.sortObjects===!0&&u.sort(K,J),ct=V.enabled===!1||V.isPresenting===!1||V.hasDepthSensing()===!1,ct&&ze.addToRenderList(u,p),this.info.render.frame++,Ee===!0&&Be.beginShadows();const P=h.state.shadowsArray;Xe.render(P,p,E),Ee===!0&&Be.endShadows(),this.info.autoReset===!0&&this.info.reset();const R=u.opaque,A=u.transmissive;if(h.setupLights(),E.isArrayCamera){const B=E.cameras;if(A.length>0)for(let W=0,$=B.length;W<$;W++){const q=B[W];Cn(R,A,p,q)}ct&&ze.render(p);for(let W=0,$=B.length;W<$;W++){const q=B[W];wn(u,p,q,q.viewport)}}else A.length>0&&Cn(R,A,p,E),ct&&ze.render(p),wn(u,p,E);I!==null&&N===0&&(de.updateMultisampleRenderTarget(I),de.updateRenderTargetMipmap(I)),p.isScene===!0&&p.onAfterRender(y,p,E),ft.resetDefaultState(),x=-1,M=null,b.pop(),b.length>0?(h=b[b.length-1],Ee===!0&&Be.setGlobalState(y.clippingPlanes,h.state.camera)):h=null,C.pop(),C.length>0?u=C[C.length-1]:u=null};function Qi(p,E,P,R){if(p.visible===!1)return;if(p.layers.test(E.layers)){if(p.isGroup)P=p.renderOrder;else if(p.isLOD)p.autoUpdate===!0&&p.update(E);else if(p.isLight)h.pushLight(p),p.castShadow&&h.pushShadow(p);else if(p.isSprite){if(!p.frustumCulled||Ne.intersectsSprite(p)){R&&Ke.setFromMatrixPosition(p.matrixWorld).applyMatrix4(oe);const W=xt.update(p),$=p.material;$.visible&&u.push(p,W,$,P,Ke.z,null)}}else if((p.isMesh||p.isLine||p.isPoints)&&(!p.frustumCulled||Ne.intersectsObject(p))){const W=xt.update(p),$=p.material;if(R&&(p.boundingSphere!==void 0?(p.boundingSphere===null&&p.computeBoundingSphere(),Ke.copy(p.boundingSphere.center)):(W.boundingSphere===null&&W.computeBoundingSphere(),Ke.copy(W.boundingSphere.center)),Ke.applyMatrix4(p.matrixWorld).applyMatrix4(oe)),Array.isArray($)){const q=W.groups;for(let te=0,se=q.length;te<se;te++){const Q=q[te],ue=$[Q.materialIndex];ue&&ue.visible&&u.push(p,W,ue,P,Ke.z,Q)}}else $.visible&&u.push(p,W,$,P,Ke.z,null)}}const B=p.children;for(let W=0,$=B.length;W<$;W++)Qi(B[W],E,P,R)}function wn(p,E,P,R){const A=p.opaque,B=p.transmissive,W=p.transparent;h.setupLightsView(P),Ee===!0&&Be.setGlobalState(y.clippingPlanes,P),R&&ie.viewport(w.copy(R)),A.length>0&&Li(A,E,P),B.length>0&&Li(B,E,P),W.length>0&&Li(W,E,P),ie.buffers.depth.setTest(!0),ie.buffers.depth.setMask(!0),ie.buffers.color.setMask(!0),ie.setPolygonOffset(!1)}function Cn(p,E,P,R){if((P.isScene===!0?P.overrideMaterial:null)!==null)return;h.state.transmissionRenderTarget[R.id]===void 0&&(h.state.transmissionRenderTarget[R.id]=new Zs(1,1,{generateMipmaps:!0,type:Pe.has("EXT_color_buffer_half_float")||Pe.has("EXT_color_buffer_float")?1016:1009,minFilter:1008,samples:4,stencilBuffer:r,resolveDepthBuffer:!1,resolveStencilBuffer:!1,colorSpace:be.workingColorSpace}));const B=h.state.transmissionRenderTarget[R.id],W=R.viewport||w;B.setSize(W.z*y.transmissionResolutionScale,W.w*y.transmissionResolutionScale);const $=y.getRenderTarget(),q=y.getActiveCubeFace(),te=y.getActiveMipmapLevel();y.setRenderTarget(B),y.getClearColor(k),X=y.getClearAlpha(),X<1&&y.setClearColor(16777215,.5),y.clear(),ct&&ze.render(P);const se=y.toneMapping;y.toneMapping=0;const Q=R.viewport;if(R.viewport!==void 0&&(R.viewport=void 0),h.setupLightsView(R),Ee===!0&&Be.setGlobalState(y.clippingPlanes,R),Li(p,P,R),de.updateMultisampleRenderTarget(B),de.updateRenderTargetMipmap(B),Pe.has("WEBGL_multisampled_render_to_texture")===!1){let ue=!1;for(let xe=0,Le=E.length;xe<Le;xe++){const ye=E[xe],Me=ye.object,j=ye.geometry,Ae=ye.material,pe=ye.group;if(Ae.side===2&&Me.layers.test(R.layers)){const rt=Ae.side;Ae.side=1,Ae.needsUpdate=!0,Ln(Me,P,R,j,Ae,pe),Ae.side=rt,Ae.needsUpdate=!0,ue=!0}}ue===!0&&(de.updateMultisampleRenderTarget(B),de.updateRenderTargetMipmap(B))}y.setRenderTarget($,q,te),y.setClearColor(k,X),Q!==void 0&&(R.viewport=Q),y.toneMapping=se}function Li(p,E,P){const R=E.isScene===!0?E.overrideMaterial:null;for(let A=0,B=p.length;A<B;A++){const W=p[A],$=W.object,q=W.geometry,te=W.group;let se=W.material;se.allowOverride===!0&&R!==null&&(se=R),$.layers.test(P.layers)&&Ln($,E,P,q,se,te)}}function Ln(p,E,P,R,A,B){p.onBeforeRender(y,E,P,R,A,B),p.modelViewMatrix.multiplyMatrices(P.matrixWorldInverse,p.matrixWorld),p.normalMatrix.getNormalMatrix(p.modelViewMatrix),A.onBeforeRender(y,E,P,R,p,B),A.transparent===!0&&A.side===2&&A.forceSinglePass===!1?(A.side=1,A.needsUpdate=!0,y.renderBufferDirect(P,E,R,A,p,B),A.side=0,A.needsUpdate=!0,y.renderBufferDirect(P,E,R,A,p,B),A.side=2):y.renderBufferDirect(P,E,R,A,p,B),p.onAfterRender(y,E,P,R,A,B)}function Pi(p,E,P){E.isScene!==!0&&(E=we);const R=re.get(p),A=h.state.lights,B=h.state.shadowsArray,W=A.state.version,$=Qe.getParameters(p,A.state,B,E,P),q=Qe.getProgramCacheKey($);let te=R.programs;R.environment=p.isMeshStandardMaterial?E.environment:null,R.fog=E.fog,R.envMap=(p.isMeshStandardMaterial?ut:_t).get(p.envMap||R.environment),R.envMapRotation=R.environment!==null&&p.envMap===null?E.environmentRotation:p.envMapRotation,te===void 0&&(p.addEventListener("dispose",ee),te=new Map,R.programs=te);let se=te.get(q);if(se!==void 0){if(R.currentProgram===se&&R.lightsStateVersion===W)return Rn(p,$),se}else $.uniforms=Qe.getUniforms(p),p.onBeforeCompile($,y),se=Qe.acquireProgram($,q),te.set(q,se),R.uniforms=$.uniforms;const Q=R.uniforms;return(!p.isShaderMaterial&&!p.isRawShaderMaterial||p.clipping===!0)&&(Q.clippingPlanes=Be.uniform),Rn(p,$),R.needsLights=Os(p),R.lightsStateVersion=W,R.needsLights&&(Q.ambientLightColor.value=A.state.ambient,Q.lightProbe.value=A.state.probe,Q.directionalLights.value=A.state.directional,Q.directionalLightShadows.value=A.state.directionalShadow,Q.spotLights.value=A.state.spot,Q.spotLightShadows.value=A.state.spotShadow,Q.rectAreaLights.value=A.state.rectArea,Q.ltc_1.value=A.state.rectAreaLTC1,Q.ltc_2.value=A.state.rectAreaLTC2,Q.pointLights.value=A.state.point,Q.pointLightShadows.value=A.state.pointShadow,Q.hemisphereLights.value=A.state.hemi,Q.directionalShadowMap.value=A.state.directionalShadowMap,Q.directionalShadowMatrix.value=A.state.directionalShadowMatrix,Q.spotShadowMap.value=A.state.spotShadowMap,Q.spotLightMatrix.value=A.state.spotLightMatrix,Q.spotLightMap.value=A.state.spotLightMap,Q.pointShadowMap.value=A.state.pointShadowMap,Q.pointShadowMatrix.value=A.state.pointShadowMatrix),R.currentProgram=se,R.uniformsList=null,se}function Pn(p){if(p.uniformsList===null){const E=p.currentProgram.getUniforms();p.uniformsList=Yi.seqWithValue(E.seq,p.uniforms)}return p.uniformsList}function Rn(p,E){const P=re.get(p);P.outputColorSpace=E.outputColorSpace,P.batching=E.batching,P.batchingColor=E.batchingColor,P.instancing=E.instancing,P.instancingColor=E.instancingColor,P.instancingMorph=E.instancingMorph,P.skinning=E.skinning,P.morphTargets=E.morphTargets,P.morphNormals=E.morphNormals,P.morphColors=E.morphColors,P.morphTargetsCount=E.morphTargetsCount,P.numClippingPlanes=E.numClippingPlanes,P.numIntersection=E.numClipIntersection,P.vertexAlphas=E.vertexAlphas,P.vertexTangents=E.vertexTangents,P.toneMapping=E.toneMapping}function Fs(p,E,P,R,A){E.isScene!==!0&&(E=we),de.resetTextureUnits();const B=E.fog,W=R.isMeshStandardMaterial?E.environment:null,$=I===null?y.outputColorSpace:I.isXRRenderTarget===!0?I.texture.colorSpace:$i,q=(R.isMeshStandardMaterial?ut:_t).get(R.envMap||W),te=R.vertexColors===!0&&!!P.attributes.color&&P.attributes.color.itemSize===4,se=!!P.attributes.tangent&&(!!R.normalMap||R.anisotropy>0),Q=!!P.morphAttributes.position,ue=!!P.morphAttributes.normal,xe=!!P.morphAttributes.color;let Le=0;R.toneMapped&&(I===null||I.isXRRenderTarget===!0)&&(Le=y.toneMapping);const ye=P.morphAttributes.position||P.morphAttributes.normal||P.morphAttributes.color,Me=ye!==void 0?ye.length:0,j=re.get(R),Ae=h.state.lights;if(Ee===!0&&($e===!0||p!==M)){const Je=p===M&&R.id===x;Be.setState(R,p,Je)}let pe=!1;R.version===j.__version?(j.needsLights&&j.lightsStateVersion!==Ae.state.version||j.outputColorSpace!==$||A.isBatchedMesh&&j.batching===!1||!A.isBatchedMesh&&j.batching===!0||A.isBatchedMesh&&j.batchingColor===!0&&A.colorTexture===null||A.isBatchedMesh&&j.batchingColor===!1&&A.colorTexture!==null||A.isInstancedMesh&&j.instancing===!1||!A.isInstancedMesh&&j.instancing===!0||A.isSkinnedMesh&&j.skinning===!1||!A.isSkinnedMesh&&j.skinning===!0||A.isInstancedMesh&&j.instancingColor===!0&&A.instanceColor===null||A.isInstancedMesh&&j.instancingColor===!1&&A.instanceColor!==null||A.isInstancedMesh&&j.instancingMorph===!0&&A.morphTexture===null||A.isInstancedMesh&&j.instancingMorph===!1&&A.morphTexture!==null||j.envMap!==q||R.fog===!0&&j.fog!==B||j.numClippingPlanes!==void 0&&(j.numClippingPlanes!==Be.numPlanes||j.numIntersection!==Be.numIntersection)||j.vertexAlphas!==te||j.vertexTangents!==se||j.morphTargets!==Q||j.morphNormals!==ue||j.morphColors!==xe||j.toneMapping!==Le||j.morphTargetsCount!==Me)&&(pe=!0):(pe=!0,j.__version=R.version);let rt=j.currentProgram;pe===!0&&(rt=Pi(R,E,A));let ii=!1,at=!1,_i=!1;const Te=rt.getUniforms(),dt=j.uniforms;if(ie.useProgram(rt.program)&&(ii=!0,at=!0,_i=!0),R.id!==x&&(x=R.id,at=!0),ii||M!==p){ie.buffers.depth.getReversed()&&p.reversedDepth!==!0&&(p._reversedDepth=!0,p.updateProjectionMatrix()),Te.setValue(v,"projectionMatrix",p.projectionMatrix),Te.setValue(v,"viewMatrix",p.matrixWorldInverse);const tt=Te.map.cameraPosition;tt!==void 0&&tt.setValue(v,Ze.setFromMatrixPosition(p.matrixWorld)),We.logarithmicDepthBuffer&&Te.setValue(v,"logDepthBufFC",2/(Math.log(p.far+1)/Math.LN2)),(R.isMeshPhongMaterial||R.isMeshToonMaterial||R.isMeshLambertMaterial||R.isMeshBasicMaterial||R.isMeshStandardMaterial||R.isShaderMaterial)&&Te.setValue(v,"isOrthographic",p.isOrthographicCamera===!0),M!==p&&(M=p,at=!0,_i=!0)}if(A.isSkinnedMesh){Te.setOptional(v,A,"bindMatrix"),Te.setOptional(v,A,"bindMatrixInverse");const Je=A.skeleton;Je&&(Je.boneTexture===null&&Je.computeBoneTexture(),Te.setValue(v,"boneTexture",Je.boneTexture,de))}A.isBatchedMesh&&(Te.setOptional(v,A,"batchingTexture"),Te.setValue(v,"batchingTexture",A._matricesTexture,de),Te.setOptional(v,A,"batchingIdTexture"),Te.setValue(v,"batchingIdTexture",A._indirectTexture,de),Te.setOptional(v,A,"batchingColorTexture"),A._colorsTexture!==null&&Te.setValue(v,"batchingColorTexture",A._colorsTexture,de));const pt=P.morphAttributes;if((pt.position!==void 0||pt.normal!==void 0||pt.color!==void 0)&&Xt.update(A,P,rt),(at||j.receiveShadow!==A.receiveShadow)&&(j.receiveShadow=A.receiveShadow,Te.setValue(v,"receiveShadow",A.receiveShadow)),R.isMeshGouraudMaterial&&R.envMap!==null&&(dt.envMap.value=q,dt.flipEnvMap.value=q.isCubeTexture&&q.isRenderTargetTexture===!1?-1:1),R.isMeshStandardMaterial&&R.envMap===null&&E.environment!==null&&(dt.envMapIntensity.value=E.environmentIntensity),at&&(Te.setValue(v,"toneMappingExposure",y.toneMappingExposure),j.needsLights&&Ns(dt,_i),B&&R.fog===!0&&Ct.refreshFogUniforms(dt,B),Ct.refreshMaterialUniforms(dt,R,z,Y,h.state.transmissionRenderTarget[p.id]),Yi.upload(v,Pn(j),dt,de)),R.isShaderMaterial&&R.uniformsNeedUpdate===!0&&(Yi.upload(v,Pn(j),dt,de),R.uniformsNeedUpdate=!1),R.isSpriteMaterial&&Te.setValue(v,"center",A.center),Te.setValue(v,"modelViewMatrix",A.modelViewMatrix),Te.setValue(v,"normalMatrix",A.normalMatrix),Te.setValue(v,"modelMatrix",A.matrixWorld),R.isShaderMaterial||R.isRawShaderMaterial){const Je=R.uniformsGroups;for(let tt=0,Ji=Je.length;tt<Ji;tt++){const Zt=Je[tt];Rt.update(Zt,rt),Rt.bind(Zt,rt)}}return rt}function Ns(p,E){p.ambientLightColor.needsUpdate=E,p.lightProbe.needsUpdate=E,p.directionalLights.needsUpdate=E,p.directionalLightShadows.needsUpdate=E,p.pointLights.needsUpdate=E,p.pointLightShadows.needsUpdate=E,p.spotLights.needsUpdate=E,p.spotLightShadows.needsUpdate=E,p.rectAreaLights.needsUpdate=E,p.hemisphereLights.needsUpdate=E}function Os(p){return p.isMeshLambertMaterial||p.isMeshToonMaterial||p.isMeshPhongMaterial||p.isMeshStandardMaterial||p.isShadowMaterial||p.isShaderMaterial&&p.lights===!0}this.getActiveCubeFace=function(){return O},this.getActiveMipmapLevel=function(){return N},this.getRenderTarget=function(){return I},this.setRenderTargetTextures=function(p,E,P){const R=re.get(p);R.__autoAllocateDepthBuffer=p.resolveDepthBuffer===!1,R.__autoAllocateDepthBuffer===!1&&(R.__useRenderToTexture=!1),re.get(p.texture).__webglTexture=E,re.get(p.depthTexture).__webglTexture=R.__autoAllocateDepthBuffer?void 0:P,R.__hasExternalTextures=!0},this.setRenderTargetFramebuffer=function(p,E){const P=re.get(p);P.__webglFramebuffer=E,P.__useDefaultFramebuffer=E===void 0};const Bs=v.createFramebuffer();this.setRenderTarget=function(p,E=0,P=0){I=p,O=E,N=P;let R=!0,A=null,B=!1,W=!1;if(p){const q=re.get(p);if(q.__useDefaultFramebuffer!==void 0)ie.bindFramebuffer(v.FRAMEBUFFER,null),R=!1;else if(q.__webglFramebuffer===void 0)de.setupRenderTarget(p);else if(q.__hasExternalTextures)de.rebindTextures(p,re.get(p.texture).__webglTexture,re.get(p.depthTexture).__webglTexture);else if(p.depthBuffer){const Q=p.depthTexture;if(q.__boundDepthTexture!==Q){if(Q!==null&&re.has(Q)&&(p.width!==Q.image.width||p.height!==Q.image.height))throw new Error("WebGLRenderTarget: Attached DepthTexture is initialized to the incorrect size.");de.setupDepthRenderbuffer(p)}}const te=p.texture;(te.isData3DTexture||te.isDataArrayTexture||te.isCompressedArrayTexture)&&(W=!0);const se=re.get(p).__webglFramebuffer;p.isWebGLCubeRenderTarget?(Array.isArray(se[E])?A=se[E][P]:A=se[E],B=!0):p.samples>0&&de.useMultisampledRTT(p)===!1?A=re.get(p).__webglMultisampledFramebuffer:Array.isArray(se)?A=se[P]:A=se,w.copy(p.viewport),F.copy(p.scissor),D=p.scissorTest}else w.copy(ae).multiplyScalar(z).floor(),F.copy(ve).multiplyScalar(z).floor(),D=Ie;if(P!==0&&(A=Bs),ie.bindFramebuffer(v.FRAMEBUFFER,A)&&R&&ie.drawBuffers(p,A),ie.viewport(w),ie.scissor(F),ie.setScissorTest(D),B){const q=re.get(p.texture);v.framebufferTexture2D(v.FRAMEBUFFER,v.COLOR_ATTACHMENT0,v.TEXTURE_CUBE_MAP_POSITIVE_X+E,q.__webglTexture,P)}else if(W){const q=E;for(let te=0;te<p.textures.length;te++){const se=re.get(p.textures[te]);v.framebufferTextureLayer(v.FRAMEBUFFER,v.COLOR_ATTACHMENT0+te,se.__webglTexture,P,q)}}else if(p!==null&&P!==0){const q=re.get(p.texture);v.framebufferTexture2D(v.FRAMEBUFFER,v.COLOR_ATTACHMENT0,v.TEXTURE_2D,q.__webglTexture,P)}x=-1},this.readRenderTargetPixels=function(p,E,P,R,A,B,W,$=0){if(!(p&&p.isWebGLRenderTarget)){console.error("THREE.WebGLRenderer.readRenderTargetPixels: renderTarget is not THREE.WebGLRenderTarget.");return}let q=re.get(p).__webglFramebuffer;if(p.isWebGLCubeRenderTarget&&W!==void 0&&(q=q[W]),q){ie.bindFramebuffer(v.FRAMEBUFFER,q);try{const te=p.textures[$],se=te.format,Q=te.type;if(!We.textureFormatReadable(se)){console.error("THREE.WebGLRenderer.readRenderTargetPixels: renderTarget is not in RGBA or implementation defined format.");return}if(!We.textureTypeReadable(Q)){console.error("THREE.WebGLRenderer.readRenderTargetPixels: renderTarget is not in UnsignedByteType or implementation defined type.");return}E>=0&&E<=p.width-R&&P>=0&&P<=p.height-A&&(p.textures.length>1&&v.readBuffer(v.COLOR_ATTACHMENT0+$),v.readPixels(E,P,R,A,st.convert(se),st.convert(Q),B))}finally{const te=I!==null?re.get(I).__webglFramebuffer:null;ie.bindFramebuffer(v.FRAMEBUFFER,te)}}},this.readRenderTargetPixelsAsync=async function(p,E,P,R,A,B,W,$=0){if(!(p&&p.isWebGLRenderTarget))throw new Error("THREE.WebGLRenderer.readRenderTargetPixels: renderTarget is not THREE.WebGLRenderTarget.");let q=re.get(p).__webglFramebuffer;if(p.isWebGLCubeRenderTarget&&W!==void 0&&(q=q[W]),q)if(E>=0&&E<=p.width-R&&P>=0&&P<=p.height-A){ie.bindFramebuffer(v.FRAMEBUFFER,q);const te=p.textures[$],se=te.format,Q=te.type;if(!We.textureFormatReadable(se))throw new Error("THREE.WebGLRenderer.readRenderTargetPixelsAsync: renderTarget is not in RGBA or implementation defined format.");if(!We.textureTypeReadable(Q))throw new Error("THREE.WebGLRenderer.readRenderTargetPixelsAsync: renderTarget is not in UnsignedByteType or implementation defined type.");const ue=v.createBuffer();v.bindBuffer(v.PIXEL_PACK_BUFFER,ue),v.bufferData(v.PIXEL_PACK_BUFFER,B.byteLength,v.STREAM_READ),p.textures.length>1&&v.readBuffer(v.COLOR_ATTACHMENT0+$),v.readPixels(E,P,R,A,st.convert(se),st.convert(Q),0);const xe=I!==null?re.get(I).__webglFramebuffer:null;ie.bindFramebuffer(v.FRAMEBUFFER,xe);const Le=v.fenceSync(v.SYNC_GPU_COMMANDS_COMPLETE,0);return v.flush(),await Ws(v,Le,4),v.bindBuffer(v.PIXEL_PACK_BUFFER,ue),v.getBufferSubData(v.PIXEL_PACK_BUFFER,0,B),v.deleteBuffer(ue),v.deleteSync(Le),B}else throw new Error("THREE.WebGLRenderer.readRenderTargetPixelsAsync: requested read bounds are out of range.")},this.copyFramebufferToTexture=function(p,E=null,P=0){const R=Math.pow(2,-P),A=Math.floor(p.image.width*R),B=Math.floor(p.image.height*R),W=E!==null?E.x:0,$=E!==null?E.y:0;de.setTexture2D(p,0),v.copyTexSubImage2D(v.TEXTURE_2D,P,0,0,W,$,A,B),ie.unbindTexture()};const zs=v.createFramebuffer(),ks=v.createFramebuffer();this.copyTextureToTexture=function(p,E,P=null,R=null,A=0,B=null){B===null&&(A!==0?(Ai("WebGLRenderer: copyTextureToTexture function signature has changed to support src and dst mipmap levels."),B=A,A=0):B=0);let W,$,q,te,se,Q,ue,xe,Le;const ye=p.isCompressedTexture?p.mipmaps[B]:p.image;if(P!==null)W=P.max.x-P.min.x,$=P.max.y-P.min.y,q=P.isBox3?P.max.z-P.min.z:1,te=P.min.x,se=P.min.y,Q=P.isBox3?P.min.z:0;else{const pt=Math.pow(2,-A);W=Math.floor(ye.width*pt),$=Math.floor(ye.height*pt),p.isDataArrayTexture?q=ye.depth:p.isData3DTexture?q=Math.floor(ye.depth*pt):q=1,te=0,se=0,Q=0}R!==null?(ue=R.x,xe=R.y,Le=R.z):(ue=0,xe=0,Le=0);const Me=st.convert(E.format),j=st.convert(E.type);let Ae;E.isData3DTexture?(de.setTexture3D(E,0),Ae=v.TEXTURE_3D):E.isDataArrayTexture||E.isCompressedArrayTexture?(de.setTexture2DArray(E,0),Ae=v.TEXTURE_2D_ARRAY):(de.setTexture2D(E,0),Ae=v.TEXTURE_2D),v.pixelStorei(v.UNPACK_FLIP_Y_WEBGL,E.flipY),v.pixelStorei(v.UNPACK_PREMULTIPLY_ALPHA_WEBGL,E.premultiplyAlpha),v.pixelStorei(v.UNPACK_ALIGNMENT,E.unpackAlignment);const pe=v.getParameter(v.UNPACK_ROW_LENGTH),rt=v.getParameter(v.UNPACK_IMAGE_HEIGHT),ii=v.getParameter(v.UNPACK_SKIP_PIXELS),at=v.getParameter(v.UNPACK_SKIP_ROWS),_i=v.getParameter(v.UNPACK_SKIP_IMAGES);v.pixelStorei(v.UNPACK_ROW_LENGTH,ye.width),v.pixelStorei(v.UNPACK_IMAGE_HEIGHT,ye.height),v.pixelStorei(v.UNPACK_SKIP_PIXELS,te),v.pixelStorei(v.UNPACK_SKIP_ROWS,se),v.pixelStorei(v.UNPACK_SKIP_IMAGES,Q);const Te=p.isDataArrayTexture||p.isData3DTexture,dt=E.isDataArrayTexture||E.isData3DTexture;if(p.isDepthTexture){const pt=re.get(p),Je=re.get(E),tt=re.get(pt.__renderTarget),Ji=re.get(Je.__renderTarget);ie.bindFramebuffer(v.READ_FRAMEBUFFER,tt.__webglFramebuffer),ie.bindFramebuffer(v.DRAW_FRAMEBUFFER,Ji.__webglFramebuffer);for(let Zt=0;Zt<q;Zt++)Te&&(v.framebufferTextureLayer(v.READ_FRAMEBUFFER,v.COLOR_ATTACHMENT0,re.get(p).__webglTexture,A,Q+Zt),v.framebufferTextureLayer(v.DRAW_FRAMEBUFFER,v.COLOR_ATTACHMENT0,re.get(E).__webglTexture,B,Le+Zt)),v.blitFramebuffer(te,se,W,$,ue,xe,W,$,v.DEPTH_BUFFER_BIT,v.NEAREST);ie.bindFramebuffer(v.READ_FRAMEBUFFER,null),ie.bindFramebuffer(v.DRAW_FRAMEBUFFER,null)}else if(A!==0||p.isRenderTargetTexture||re.has(p)){const pt=re.get(p),Je=re.get(E);ie.bindFramebuffer(v.READ_FRAMEBUFFER,zs),ie.bindFramebuffer(v.DRAW_FRAMEBUFFER,ks);for(let tt=0;tt<q;tt++)Te?v.framebufferTextureLayer(v.READ_FRAMEBUFFER,v.COLOR_ATTACHMENT0,pt.__webglTexture,A,Q+tt):v.framebufferTexture2D(v.READ_FRAMEBUFFER,v.COLOR_ATTACHMENT0,v.TEXTURE_2D,pt.__webglTexture,A),dt?v.framebufferTextureLayer(v.DRAW_FRAMEBUFFER,v.COLOR_ATTACHMENT0,Je.__webglTexture,B,Le+tt):v.framebufferTexture2D(v.DRAW_FRAMEBUFFER,v.COLOR_ATTACHMENT0,v.TEXTURE_2D,Je.__webglTexture,B),A!==0?v.blitFramebuffer(te,se,W,$,ue,xe,W,$,v.COLOR_BUFFER_BIT,v.NEAREST):dt?v.copyTexSubImage3D(Ae,B,ue,xe,Le+tt,te,se,W,$):v.copyTexSubImage2D(Ae,B,ue,xe,te,se,W,$);ie.bindFramebuffer(v.READ_FRAMEBUFFER,null),ie.bindFramebuffer(v.DRAW_FRAMEBUFFER,null)}else dt?p.isDataTexture||p.isData3DTexture?v.texSubImage3D(Ae,B,ue,xe,Le,W,$,q,Me,j,ye.data):E.isCompressedArrayTexture?v.compressedTexSubImage3D(Ae,B,ue,xe,Le,W,$,q,Me,ye.data):v.texSubImage3D(Ae,B,ue,xe,Le,W,$,q,Me,j,ye):p.isDataTexture?v.texSubImage2D(v.TEXTURE_2D,B,ue,xe,W,$,Me,j,ye.data):p.isCompressedTexture?v.compressedTexSubImage2D(v.TEXTURE_2D,B,ue,xe,ye.width,ye.height,Me,ye.data):v.texSubImage2D(v.TEXTURE_2D,B,ue,xe,W,$,Me,j,ye);v.pixelStorei(v.UNPACK_ROW_LENGTH,pe),v.pixelStorei(v.UNPACK_IMAGE_HEIGHT,rt),v.pixelStorei(v.UNPACK_SKIP_PIXELS,ii),v.pixelStorei(v.UNPACK_SKIP_ROWS,at),v.pixelStorei(v.UNPACK_SKIP_IMAGES,_i),B===0&&E.generateMipmaps&&v.generateMipmap(Ae),ie.unbindTexture()},this.initRenderTarget=function(p){re.get(p).__webglFramebuffer===void 0&&de.setupRenderTarget(p)},this.initTexture=function(p){p.isCubeTexture?de.setTextureCube(p,0):p.isData3DTexture?de.setTexture3D(p,0):p.isDataArrayTexture||p.isCompressedArrayTexture?de.setTexture2DArray(p,0):de.setTexture2D(p,0),ie.unbindTexture()},this.resetState=function(){O=0,N=0,I=null,ie.reset(),ft.reset()},typeof __THREE_DEVTOOLS__<"u"&&__THREE_DEVTOOLS__.dispatchEvent(new CustomEvent("observe",{detail:this}))}get coordinateSystem(){return 2e3}get outputColorSpace(){return this._outputColorSpace}set outputColorSpace(e){this._outputColorSpace=e;const t=this.getContext();t.drawingBufferColorSpace=be._getDrawingBufferColorSpace(e),t.unpackColorSpace=be._getUnpackColorSpace()}}export{Ot as B,ws as C,sc as D,Ve as F,jl as G,nc as H,tc as L,ic as M,Jl as P,ec as S,U as V,rc as W,xr as a,Yn as b,Cs as c,Ls as d,An as e};
